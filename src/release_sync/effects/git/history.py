"""The history between two commits, what of it a shallow clone hides, and what can't be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.bounded import bounded
from release_sync.effects.git.failures import translated
from release_sync.errors import Problem
from release_sync.lines import split_lines
from release_sync.trees.tree import Unread
from release_sync.trees.walks import refs_behind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Logged = tuple[str, str, tuple[str, ...]]

SECONDS = 10.0
"""How long git may look: what it finds is shown, and nothing depends on it."""

LOG = ("log", "-z", "--format=%x00%H%x00%s", "--name-only", "--no-renames", "--no-relative",
       "--diff-merges=off", "--no-show-signature", "--no-color", "--encoding=UTF-8")  # fmt: skip
"""What a user's settings change about a log is set here (git-config(1), ``log.*``, ``diff.*``)."""

BROKEN = "`git fsck` shows what is broken"


def log(
    repo: git.Repo, since: str, until: str, below: str = "", *, most: int = 0
) -> tuple[Logged, ...]:
    """Return the commits that ``until`` reaches and ``since`` does not, the newest first.

    Without ``since`` it is the whole history; with ``most``, so many at most; ``below`` a folder,
    those that change a file there, and merges. Of each its name in hex, the first line of its
    message, and the files it changes, from the repository's top; a merge has none. Raises Problem.
    """
    span = [f"--max-count={most}"] if most else []
    span += [until, *([f"^{since}"] if since else []), "--"]
    span += [f":(top,literal){below}"] if below else []
    with translated("git could not read the history"):
        return tuple(_commits(bounded(repo, [*LOG, *span], SECONDS).split("\0")))


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


def parents(repo: git.Repo, commit: str) -> tuple[str, ...]:
    """Return the parents of a commit.

    GitPython reads all commits through one process, of which two threads must not ask at once.
    """
    head = str(repo.git.cat_file("commit", commit)).partition("\n\n")[0]
    lines = [line.partition(" ") for line in head.split("\n")]
    return tuple(name for what, _, name in lines if what == "parent")


def ancestry(repo: git.Repo, old: str, new: str) -> bool | None:
    """Return whether ``old`` is reachable from ``new``; None where a shallow boundary hides it.

    *Yes* is always certain. *No* is certain when no boundary is on the way: see ``boundaries``.
    """
    if has_commit(repo, old) and _reaches(repo, old, new):
        return True
    return None if boundaries(repo, old, new) else False


def boundaries(repo: git.Repo, old: str, new: str) -> tuple[str, ...]:
    """Return the commits without parents here that ``new`` reaches, and ``old`` does not.

    What is reachable from ``old`` can't lead to it: history has no circles. So nothing that is
    hidden behind such a commit matters.
    """
    shallow = _shallow(repo)
    if not shallow:
        return ()
    less = [f"^{old}"] if has_commit(repo, old) else []
    with translated("git could not walk the history"):
        walked: Iterable[str] = split_lines(str(repo.git.rev_list(new, *less)))
    return tuple(commit for commit in walked if commit in shallow)


def has_commit(repo: git.Repo, name: str) -> bool:
    """Return whether a commit is here, by the name of an object. Raises Problem.

    Only of an object by itself does git say that it is not there (git-cat-file(1), ``-e``): for
    ``NAME^{commit}`` it ends the same way when the object is here and damaged.
    """
    try:
        repo.git.cat_file("-e", f"{name}^{{commit}}")
    except git.GitCommandError:
        if _ended(repo, "cat-file", "-e", name):
            return False
        with translated(f"git could not read {name[:12]}", hint=BROKEN):
            return str(repo.git.cat_file("-t", f"{name}^{{}}")) == "commit"
    return True


def reached_refs(repo: git.Repo, commit: str, prefix: str) -> list[str]:
    """Return the refs below a prefix that a commit reaches. Raises Problem where git can't tell."""
    try:
        return refs_behind(str(repo.working_tree_dir or repo.git_dir), commit, prefix)
    except Unread as error:
        raise Problem(error.message, hint=BROKEN) from error


def _shallow(repo: git.Repo) -> frozenset[str]:
    """Return the commits whose parents are not here (gitrepository-layout(5), "shallow")."""
    file = Path(repo.common_dir, "shallow")
    return (
        frozenset(split_lines(file.read_text(encoding="ascii"))) if file.exists() else frozenset()
    )


def _reaches(repo: git.Repo, old: str, new: str) -> bool:
    """Ask git, which may end with 1, for *no*, at an object that it can't read, too (2.39)."""
    line = ["git", "merge-base", "--is-ancestor", old, new]
    status, _, said = repo.git.execute(
        line, with_extended_output=True, with_exceptions=False, env={"LC_ALL": "C"}
    )
    errors = [one for one in split_lines(str(said)) if one.startswith("error: ")]
    if status in {0, 1} and not errors:
        return not status
    with translated("git could not walk the history", hint=BROKEN):
        raise git.GitCommandError(line, status, str(said))


def _ended(repo: git.Repo, *arguments: str) -> int:
    """Run git, and return how it ended."""
    line = ["git", *arguments]
    return repo.git.execute(line, with_extended_output=True, with_exceptions=False)[0]
