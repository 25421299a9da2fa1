"""Submodules inside a member: files that a build needs, and that a scratch checkout lacks."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.lines import split_records

if TYPE_CHECKING:
    from collections.abc import Iterable

    import git

    from release_sync.seals.artifact import Expected

_SUBMODULE = "160000 "
"""The mode of a submodule in a tree (gitformat-index(5): a gitlink)."""


def refuse_submodules(
    repo: git.Repo, commit: str, prefix: str, members: Iterable[Expected]
) -> None:
    """Raise Problem for a submodule in the folder of a member that is to be built.

    The member in the workspace's root has everything below it: there it is the code that counts,
    in ``src`` or in a folder of the member's name.
    """
    listing = split_records(repo.git.ls_tree("-r", "-z", commit))
    paths = [entry.partition("\t")[2] for entry in listing if entry.startswith(_SUBMODULE)]
    found = [
        f"{path} in {member.name}"
        for member in members
        for path in paths
        if any(PurePosixPath(path).is_relative_to(folder) for folder in _code(prefix, member))
    ]
    if found:
        raise Problem(
            f"submodules would be missing from what is built: {', '.join(found)}",
            hint="a release is built from what this repository itself has: commit those files, or"
            " move the submodule out of the package",
        )


def _code(prefix: str, member: Expected) -> list[PurePosixPath]:
    if member.folder:
        return [PurePosixPath(prefix, member.folder)]
    return [PurePosixPath(prefix, "src"), PurePosixPath(prefix, member.name.replace("-", "_"))]
