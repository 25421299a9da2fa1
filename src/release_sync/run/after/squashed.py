"""Releases whose commit is on no branch: the pull request that brought it there was squashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.run.context import Context, Repository
    from release_sync.run.drift import Latest


def squashed(context: Context, latest: Latest) -> Iterator[str]:
    """Yield in words each release whose version HEAD has, and whose commit it does not.

    A squash, or a rebase, makes another commit of the same changes; the tag stays where it is.
    """
    refs, head = latest.refs or {}, context.repository.head()
    for group in context.workspace.groups:
        version, tag = latest.released.get(group.name, ("", ""))
        ref = f"refs/tags/{tag}"
        commit = refs.get(f"{ref}^{{}}", refs.get(ref))
        if commit and group.version == version and _have_parted(context.repository, head, commit):
            yield (
                f"{tag} is of a commit that is not in the history of HEAD, which has its version:"
                " its pull request was squashed or rebased; the release is whole, and its tag is"
                " not reachable from here"
            )


def _have_parted(repository: Repository, head: str, commit: str) -> bool:
    """Return whether neither is in the history of the other, as far as that is certain."""
    try:
        return repository.reaches(head, commit) is False and (
            repository.reaches(commit, head) is False
        )
    except Problem:
        return False
