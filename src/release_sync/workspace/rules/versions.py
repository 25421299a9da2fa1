"""RS101: all members of a group have the same version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.workspace.model import Fault, Place
from release_sync.workspace.pep440 import is_greater, is_same, is_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Group, Member, Workspace


def mismatches(workspace: Workspace) -> Iterator[Fault]:
    """Report every member that is not at its group's version."""
    for group in workspace.groups:
        for name in group.members:
            member = workspace.member(name)
            if member.version is None or member.dynamic or not is_version(member.version):
                continue
            if not is_same(member.version, group.version):
                yield _mismatch(workspace, group, member)


def _mismatch(workspace: Workspace, group: Group, member: Member) -> Fault:
    version = member.version or ""
    whole = "the workspace" if len(workspace.groups) == 1 else f"the group {group.name}"
    return Fault(
        code="RS101",
        place=member.version_place or Place(member.manifest),
        message=f"{member.display} is at {version}, but {whole} is at {group.version}",
        member=member.name,
        expected=group.version,
        found=version,
        fixable=not is_greater(version, group.version),
    )
