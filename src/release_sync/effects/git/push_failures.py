"""The state of the remote after a push that failed, as far as git's output shows it.

A push is refused only where git's report (``--porcelain``, git-push(1), "OUTPUT") or the moment at
which it failed proves that nothing was changed. All else is ``Unanswered``: the remote may have
done it. git is run in the C locale (GitPython sets it), so its words are English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.effects.git.failures import cause, git_output
from release_sync.effects.secrets import lines_of
from release_sync.errors import Forbidden, Problem, Refused, Stale, Unanswered, Unsent, with_causes
from release_sync.lines import split_lines

if TYPE_CHECKING:
    import git

MOST = 12
"""So many lines of a remote's are repeated."""

_ROW = re.compile(r"^(?P<flag>[ +*=!-])\t[^\t:]*:(?P<ref>[^\t]+)\t(?P<summary>.*)$", re.MULTILINE)
_REASON = re.compile(r"\[(?:remote )?rejected\] \((?P<reason>.*)\)$")
_FELL_WITH_OTHERS = re.compile(r"atomic (?:push|transaction)|transaction failed to start")

_NO_LONGER = re.compile(
    r"but expected|already exists|unable to resolve reference|does not exist|incorrect old value"
    r"|cannot lock ref|fail(?:ed|ure) to lock|lock failure|failed to update ref",
    re.IGNORECASE,
)
"""How servers say that a ref is not what it was when they listed it."""

_UNSENT = re.compile(
    r"the receiving end does not support|failed to sign the push certificate"
    r"|can't be combined|cannot be used together",
    re.IGNORECASE,
)
"""What git says before it sends anything, though it ends as if it had lost the connection."""

_SENT = re.compile(r"^(?:Done$|error: RPC failed|send-pack: )", re.MULTILINE)
"""What git says only of a push of which something was sent."""

_NOT_LET_IN = re.compile(
    # Over HTTP: to the question for the refs (http.c and remote-curl.c of git).
    r"^fatal: unable to access .*: The requested URL returned error: 40[13]\b"
    r"|^fatal: (?:Authentication failed|could not read (?:Username|Password)) for "
    r"|^fatal: repository '.*' not found$"
    # Over ssh: git's last line is one that it says only before the remote has listed its refs.
    r"|(?:permission denied|denied to|read[ -]only|write access|not allowed|not granted|forbidden"
    r"|unauthorized|access denied|repository not found|could not be found|not have permission"
    r"|host key verification failed)"
    r"[\s\S]*^fatal: Could not read from remote repository\.$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """The result for one ref; ``reason`` is empty where it was not rejected."""

    ref: str
    reason: str
    is_refused: bool
    is_the_remotes: bool


def push_problem(remote: str, error: git.GitCommandError, *, hooks: bool) -> Problem:
    """Return what a failed push was: Unsent, Stale, Refused or Unanswered.

    ``hooks`` says whether the repository's pre-push hook had a say. Of what was never sent
    it is Unsent, and of that Forbidden.
    """
    words = git_output(error)
    rows = [_row(found) for found in _ROW.finditer(words)]
    if any(row.reason for row in rows):
        return _rejected(remote, words, rows)
    return _unsent(remote, words, error.status, rows, hooks=hooks) or Unanswered(
        f"it is not known whether {remote} took the push: {_reasons(words)}"
    )


def _row(found: re.Match[str]) -> _Row:
    reason = _REASON.search(found["summary"])
    return _Row(
        found["ref"],
        reason["reason"] if reason else "",
        found["flag"] == "!",
        "[remote " in found["summary"],
    )


def _rejected(remote: str, words: str, rows: list[_Row]) -> Problem:
    """Return what it means that refs were rejected: by git here, or by the remote."""
    refused = [row for row in rows if row.is_refused]
    own = tuple(row.ref for row in refused if not _FELL_WITH_OTHERS.search(row.reason))
    message = f"{remote} did not take the push: {_reasons(words)}"
    if not any(row.is_the_remotes for row in refused):
        return Stale(message, refs=own)
    if len(refused) < len(rows):
        named = ", ".join(row.ref for row in refused)
        return Unanswered(f"{remote} took a part of the push, and not {named}: {_reasons(words)}")
    if own and not any(_NO_LONGER.search(row.reason) for row in refused):
        return Refused(message, refs=own)
    # curl sends a push again that was not answered on a connection that it had used before: then
    # it is this push that was there first.
    if re.search(r"^To https?://", words, re.MULTILINE):
        return Unanswered(f"it is not known whether {remote} took the push: {_reasons(words)}")
    return Stale(message, refs=own) if _NO_LONGER.search(words) else Refused(message)


def _unsent(
    remote: str, words: str, status: object, rows: list[_Row], *, hooks: bool
) -> Unsent | None:
    """Return the Problem of a push of which nothing was sent; None when that is not known."""
    if _SENT.search(words) or rows:
        return None
    without = [line for line in split_lines(words) if "does not support --atomic" in line]
    if without:
        said = without[0].removeprefix("fatal: ")
        return Unsent(
            f"{remote} does not support atomic push: {said}",
            hint="without it a release could be half landed: ask for `receive.advertiseAtomic`, or"
            " release to another remote (Azure DevOps and CodeCommit have no atomic push)",
        )
    if _UNSENT.search(words):
        return Unsent(
            f"git could not push to {remote}: {cause(words)}",
            hint="nothing was sent: see that `git push` works here, then try again",
        )
    if status != 1:
        return _forbidden(remote, words) if _NOT_LET_IN.search(words) else None
    if not hooks:
        return None
    return Unsent(
        with_causes(f"the pre-push hook refused the push to {remote}", _of_the_hook(words)),
        hint="nothing was changed: fix what it names, then try again",
    )


def _forbidden(remote: str, words: str) -> Forbidden:
    return Forbidden(
        f"{remote} does not let you push: {_reasons(words)}",
        hint="nothing was sent: log in as somebody who may push there, then try again",
    )


def _of_the_hook(words: str) -> list[str]:
    said_by_git = "error: failed to push some refs to "
    lines = [line for line in split_lines(words) if not line.startswith(said_by_git)]
    return lines_of("\n".join(lines))


def _reasons(words: str) -> str:
    """Return what the remote itself says, where it says something: first what it says first."""
    lines = [line.strip() for line in split_lines(words) if line != "Done"]
    said_by_remote = [line.removeprefix("remote:").strip() for line in lines if "remote:" in line]
    rejected = [line.rpartition("\t")[2] for line in lines if "rejected]" in line]
    reasons = [*filter(None, said_by_remote), *dict.fromkeys(rejected)]
    return "\n    ".join(reasons[:MOST]) or cause("\n".join(lines))
