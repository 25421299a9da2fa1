"""The ancestry of commits, where a shallow clone may hide the answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.failures import translated
from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    """Return whether a commit is here."""
    try:
        repo.git.cat_file("-e", f"{name}^{{commit}}")
    except git.GitCommandError:
        return False
    return True


def _shallow(repo: git.Repo) -> frozenset[str]:
    """Return the commits whose parents are not here (gitrepository-layout(5), "shallow")."""
    file = Path(repo.common_dir, "shallow")
    return (
        frozenset(split_lines(file.read_text(encoding="ascii"))) if file.exists() else frozenset()
    )


def _reaches(repo: git.Repo, old: str, new: str) -> bool:
    try:
        repo.git.merge_base("--is-ancestor", old, new)
    except git.GitCommandError as error:
        if error.status == 1:
            return False
        with translated("git could not walk the history"):
            raise
    return True
