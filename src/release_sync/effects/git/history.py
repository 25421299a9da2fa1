"""The history between two commits, in one question to git."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.git.bounded import bounded
from release_sync.effects.git.failures import translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import git

    Logged = tuple[str, str, tuple[str, ...]]

SECONDS = 10.0
"""How long git may look: what it finds is shown, and nothing depends on it."""

LOG = ("log", "-z", "--format=%x00%H%x00%s", "--name-only", "--no-renames", "--no-relative",
       "--diff-merges=off", "--no-show-signature", "--no-color", "--encoding=UTF-8")  # fmt: skip
"""What a user's settings change about a log is set here (git-config(1), ``log.*``, ``diff.*``)."""


def log(
    repo: git.Repo, since: str, until: str, folders: Sequence[str] = (), *, most: int = 0
) -> tuple[Logged, ...]:
    """Return the commits that ``until`` reaches and ``since`` does not, the newest first.

    Without ``since`` it is the whole history; with ``most``, so many at most; with ``folders``,
    those that change a file in one of them, and merges. Of each its name in hex, the first line of
    its message, and the files it changes, from the repository's top; a merge has none. Raises
    Problem.
    """
    span = [f"--max-count={most}"] if most else []
    span += [until, *([f"^{since}"] if since else []), "--"]
    below = [f":(top,literal){folder}" for folder in folders]
    with translated("git could not read the history"):
        return tuple(_commits(bounded(repo, [*LOG, *span, *below], SECONDS).split("\0")))


def _commits(records: Sequence[str]) -> Iterator[Logged]:
    """Parse what git writes: for each commit nothing, its name, its subject and its files."""
    at = 0
    while at + 2 < len(records):
        end = at + 3
        while end < len(records) and records[end]:
            end += 1
        first, *others = records[at + 3 : end] or [""]
        paths = [first.removeprefix("\n"), *others]
        yield records[at + 1], records[at + 2], tuple(filter(None, paths))
        at = end
