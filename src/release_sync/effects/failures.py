"""What git says when it fails, in words for the user: the one place that translates it."""

from __future__ import annotations

import re

import git

from release_sync.effects.secrets import gist, masked
from release_sync.errors import Problem, Refused, Unanswered
from release_sync.lines import split_lines

_REFUSALS = re.compile(
    r"\[(?:remote )?rejected\]|stale info|non-fast-forward|fetch first|pre-receive hook declined"
    r"|does not support --atomic|atomic push failed|permission|denied|protected",
    re.IGNORECASE,
)

_UNSENT = re.compile(
    r"the receiving end does not support|failed to sign the push certificate"
    r"|can't be combined|cannot be used together",
    re.IGNORECASE,
)
"""What git says before it sends anything, though it ends as if it had lost the connection."""


class translated:  # noqa: N801 - read as a word: `with translated("…")`
    """Turn git's failure into a Problem that quotes git's last words."""

    def __init__(self, message: str, kind: type[Problem] = Problem, hint: str = "") -> None:
        """Say ``message`` before git's words, and ``hint`` as it is."""
        self.message = message
        self.kind = kind
        self.hint = hint

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """Raise the Problem in place of git's failure; anything else goes on."""
        if isinstance(error, git.GitCommandError):
            words = gist(said(error))
            message = f"{self.message}: {words}" if words else self.message
            raise self.kind(message, hint=self.hint) from error


def said(error: git.GitCommandError) -> str:
    """Return what git wrote, without GitPython's frame around it and without secrets."""
    parts = []
    for stream, label in ((error.stdout, "stdout"), (error.stderr, "stderr")):
        text = str(stream or "").strip()
        parts.append(text.removeprefix(f"{label}: ").strip("'"))
    # A remote may write over its own lines, as a progress does; what it wrote last is a line, too.
    return masked("\n".join(part for part in parts if part).replace("\r", "\n"))


def push_problem(remote: str, error: git.GitCommandError, *, hooks: bool) -> Problem:
    """Tell a push that was refused (git ends with 1) from one that was not answered (128).

    ``hooks`` says whether the repository's pre-push hook had a say. A refusal without a hint is the
    remote's.
    """
    words = said(error)
    if hooks and error.status == 1 and not _rejected(words):
        return Refused(
            f"the pre-push hook refused the push to {remote}: {_of_the_hook(words)}",
            hint="nothing was changed: mend what it says, then try again",
        )
    if "does not support --atomic" in words:
        return Refused(
            f"{remote} can't take a push of several refs as one act",
            hint="without it a release could be half landed: ask for `receive.advertiseAtomic`,"
            " or release to another remote",
        )
    if _UNSENT.search(words):
        return Refused(
            f"git could not push to {remote}: {gist(words)}",
            hint="nothing was sent: see that `git push` works here, then try again",
        )
    message = f"{remote} did not take the push: {_reasons(words)}"
    if _rejected(words):
        return Refused(message)
    if error.status == 1 or _REFUSALS.search(words):
        return Refused(message, hint=f"nothing was changed: see that you may push to {remote}")
    return Unanswered(message)


def _rejected(words: str) -> bool:
    """Tell whether the remote itself refused a ref (git-push(1), "OUTPUT")."""
    return "rejected]" in words


def _of_the_hook(words: str) -> str:
    said_by_git = "error: failed to push some refs to "
    lines = [line for line in split_lines(words) if not line.startswith(said_by_git)]
    return gist("\n".join(lines)) or "it did not say why"


def _reasons(words: str) -> str:
    """Return what the remote itself says, where it says something."""
    lines = [line.strip() for line in split_lines(words)]
    said_by_remote = [line.removeprefix("remote:").strip() for line in lines if "remote:" in line]
    rejected = [line.rpartition("\t")[2] for line in lines if "rejected]" in line]
    reasons = [*filter(None, said_by_remote), *dict.fromkeys(rejected)]
    return "; ".join(reasons) or gist(words)
