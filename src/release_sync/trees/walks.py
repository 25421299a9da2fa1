"""Questions for which git walks the history, and what it says when it can't read all of it."""

from __future__ import annotations

from release_sync.lines import split_lines
from release_sync.trees.git import ask, failure, run


def is_commit(folder: str, name: str) -> bool:
    """Return whether an object is a commit, or a tag of one; it may be a tag of anything."""
    return ask(folder, "cat-file", "-t", f"{name}^{{}}") == b"commit\n"


def is_behind(folder: str, old: str, new: str) -> bool:
    """Return whether a commit is reachable from another one (git-merge-base(1)). Raises Unread."""
    arguments = ("--is-ancestor", f"{old}^{{commit}}", f"{new}^{{commit}}")
    return not _walked(folder, "merge-base", *arguments, no=1)[1]


def refs_behind(folder: str, rev: str, prefix: str) -> list[str]:
    """Return the refs below a prefix that a commit reaches. Raises Unread.

    What git leaves out may be beyond what it could not read, and it does not always say so: then it
    has to walk from the commit to the next of all these refs.
    """
    listed = ("for-each-ref", "--format=%(refname)")
    every = split_lines(ask(folder, *listed, prefix))
    if not every:
        return every
    said = {*split_lines(_walked(folder, *listed, f"--merged={rev}", prefix)[0])}
    found = [one for one in every if one in said]
    if len(found) < len(every):
        ask(folder, "rev-list", "--count", rev, "--not", f"--glob={prefix}")
    return found


def _walked(folder: str, *arguments: str, no: int = 0) -> tuple[bytes, int]:
    """Return what git prints on stdout and stderr, and how it ends: 0 or ``no``. Raises Unread.

    Where a damaged object is in its way, git may end as if it had read all there is:
    ``for-each-ref --merged`` with 0 (2.55), ``merge-base --is-ancestor`` with 1, for *no* (2.39).
    Then only its stderr says so.
    """
    output, code = run(folder, arguments, both=True)
    errors = any(one.startswith(b"error: ") for one in output.split(b"\n"))
    if errors or code not in {0, no}:
        raise failure(folder, arguments, code)
    return output, code
