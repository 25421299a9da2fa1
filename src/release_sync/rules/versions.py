"""RS003 and RS101: versions are versions, and all members of a group have the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.standards.versions import is_greater, is_same, is_version
from release_sync.toml.location import Location
from release_sync.workspace.groups import DEFAULT
from release_sync.workspace.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Group, Member, Workspace

MANY = 3
"""So many members at one other version were not forgotten."""

ITS_TAG = " (its latest tag)"
"""What nobody in a group says is from the tag that others of it are built from."""

TWO_GROUPS = " (there seem to be two groups: see [tool.release-sync.groups])"


def invalid(workspace: Workspace) -> Iterator[Fault]:
    """Report every version that is none (PEP 440); its group's is written when that is one."""
    for member in workspace.members:
        if member.version is None or is_version(member.version):
            continue
        better = workspace.expected(member.name) or ""
        yield Fault(
            code="RS003",
            place=member.version_place or Location(member.manifest),
            message=f"{member.version!r:.100} is not a version (PEP 440)",
            member=member.name,
            expected=better if is_version(better) else "",
            found=member.version,
        )


def mismatches(workspace: Workspace) -> Iterator[Fault]:
    """Report every member that is not at its group's version."""
    for group in workspace.groups:
        telling = [
            member
            for member in map(workspace.member, group.every)
            if member.version is not None and not member.dynamic and is_version(member.version)
        ]
        apart = [one for one in telling if not is_same(one.version or "", group.version)]
        hint = ITS_TAG if len(apart) == len(telling) else ""
        hint += TWO_GROUPS if _is_group(apart) else ""
        for member in apart:
            yield _mismatch(workspace, group, member, f"{hint}{_remedy(group, member, apart)}")


def _is_group(apart: list[Member]) -> bool:
    """Return whether these look less like a mistake than like a lockstep of their own."""
    return len(apart) >= MANY and len({member.version for member in apart}) == 1


def _remedy(group: Group, member: Member, apart: list[Member]) -> str:
    """Return the two commands that bring a member above its group and the others together."""
    if not is_greater(member.version or "", group.version):
        return ""
    greatest = group.version
    for version in (one.version or "" for one in apart):
        greatest = version if is_greater(version, greatest) else greatest
    return f"; {moving(group, greatest)} raises all, {moving(group, group.version)} lowers it"


def _mismatch(workspace: Workspace, group: Group, member: Member, hint: str) -> Fault:
    whole = "the workspace" if len(workspace.groups) == 1 else f"the group {group.name}"
    message = f"{member.name} is at {member.version}, but {whole} is at {group.version}{hint}"
    return Fault(
        code="RS101",
        place=member.version_place or Location(member.manifest),
        message=message,
        member=member.name,
        expected=group.version,
        found=member.version or "",
    )


def moving(group: Group, version: str) -> str:
    """Return the command that brings a whole group to a version, up or down."""
    choice = "" if group.name == DEFAULT else f" --group {group.name}"
    return f"`release-sync check --fix --to {version}{choice}`"


def lowering(group: Group) -> str:
    """Return the command that lowers what is above a group's version: nothing else does."""
    return moving(group, group.version)
