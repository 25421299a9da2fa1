"""The errors that we raise on purpose, with one root: ``Problem``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGINT = 2
"""Not from ``signal``: importing that takes longer than a green check, which comes by here."""


class Problem(Exception):  # noqa: N818 - it is what a user reads, and it is called what it is
    """Something that the user is meant to read, and can do something about.

    ``message`` says what happened and where; ``hint`` is the next thing to type or to change.
    Below the message's one sentence may be quoted what others said of it, indented, a line each.
    ``exit_code`` is one of the codes that the documentation lists: 1 a release was refused or
    undone, 2 usage or a workspace that can't be read, 4 a release is pending.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the two sentences apart, so that tests compare fields and not prose."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def sentence(self) -> str:
        """The message without what is quoted below it, for where one line has to do."""
        return self.message.partition("\n")[0]


def with_causes(sentence: str, causes: Sequence[str]) -> str:
    """Return a message that says why: in the sentence, or below it where there are several."""
    if len(causes) == 1:
        return f"{sentence}: {causes[0]}"
    lines = "\n".join(causes).split("\n")
    return "\n".join([sentence, *(f"    {line}" for line in lines if line)])


def with_outcome(message: str, outcome: str) -> str:
    """Return a message whose sentence says more; what is quoted below it stays below."""
    sentence, line, quoted = message.partition("\n")
    return f"{sentence}; {outcome}{line}{quoted}"


class Unreadable(Problem):
    """The command line, the configuration or the workspace can't be understood."""

    exit_code = 2


class NoWorkspace(Unreadable):
    """Nobody declares a workspace here: nothing is broken, and there is nothing to check."""


class Waiting(Problem):
    """A release is pending; ``release-sync resume`` finishes it."""

    exit_code = 4


class NothingPending(Problem):
    """There is no pending release that could be undone."""

    def __init__(self, group: str = "") -> None:
        """Have one message, whoever looked; of one ``group``, where that was named."""
        of = f" of {group}" if group else ""
        super().__init__(
            f"nothing is pending{of}, so there is nothing to undo",
            hint="`release-sync status` shows more",
        )


class Lost(Problem):
    """The release is not this run's any more: somebody undid it, gave it up or deleted its ref."""


class Refused(Problem):
    """The other side (a remote, an index, a hook) answered, and the answer is no.

    ``refs`` are those of a push that the remote refused for a reason of their own; those that only
    fell with them are not among them.
    """

    def __init__(self, message: str, hint: str = "", refs: tuple[str, ...] = ()) -> None:
        """Keep which refs were refused, for whoever knows another way for them."""
        super().__init__(message, hint)
        self.refs = refs


class Stale(Refused):
    """A ref of the remote is not what the push was told it would be; nothing was changed."""


class Unsent(Refused):
    """Nothing was sent, for a reason that is not about what would have been; the hint says more."""


class Forbidden(Unsent):
    """Whoever we are there may not push: not logged in, or no right to."""


class Taken(Refused):
    """The other side says that it has something of that name already: perhaps it is our own."""


class Final(Problem):
    """The other side said no and will say so again, so that trying again leads nowhere."""


class Closed(Final, Refused):
    """A ``Final`` no that is about what was sent alone: nothing was taken."""


class Partly(Problem):
    """The other side took some of what it was sent, and refused the next."""


class Conflict(Problem):
    """Two changes can't be brought together without somebody who decides."""


class Unanswered(Problem):
    """The other side did not answer, or not clearly: what happened there is not known.

    ``again`` is the number of seconds after which it wants to be asked again; 0 when it did not
    say.
    """

    def __init__(self, message: str, hint: str = "", again: float = 0.0) -> None:
        """Keep when to come back, for whoever tries again."""
        super().__init__(message, hint)
        self.again = again


class Interrupted(Problem):
    """The user, or the system, ended the run; ``stop`` is what was raised for it."""

    def __init__(self, left: str, hint: str, stop: BaseException) -> None:
        """Keep what is left and what to do about it; a shell adds 128 to a signal's number."""
        super().__init__(f"interrupted; {left}" if left else "interrupted", hint)
        self.exit_code = 128 + getattr(stop, "number", _SIGINT)


class Cancelled(Problem):
    """The user's answer to a question was no. Nothing went wrong, so it is not called an error."""

    label = ""

    def __init__(self) -> None:
        """Have one message, whatever was asked."""
        super().__init__("cancelled")


class Several(Problem):
    """More than one reason, all found before anything was done."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep every problem; the gravest exit code counts."""
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
        self.exit_code = max(problem.exit_code for problem in problems)
