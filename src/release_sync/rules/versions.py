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
        apart = [
            member
            for member in map(workspace.member, group.every)
            if member.version is not None
            and not member.dynamic
            and is_version(member.version)
            and not is_same(member.version, group.version)
        ]
        hint = TWO_GROUPS if _is_group(apart) else ""
        for member in apart:
            yield _mismatch(workspace, group, member, hint)


def _is_group(apart: list[Member]) -> bool:
    """Return whether these look less like a mistake than like a lockstep of their own."""
    return len(apart) >= MANY and len({member.version for member in apart}) == 1


def _mismatch(workspace: Workspace, group: Group, member: Member, hint: str) -> Fault:
    version = member.version or ""
    whole = "the workspace" if len(workspace.groups) == 1 else f"the group {group.name}"
    message = f"{member.display} is at {version}, but {whole} is at {group.version}{hint}"
    above = is_greater(version, group.version)
    return Fault(
        code="RS101",
        place=member.version_place or Location(member.manifest),
        message=f"{message}; {lowering(group)} lowers it" if above else message,
        member=member.name,
        expected=group.version,
        found=version,
    )


def lowering(group: Group) -> str:
    """Return the command that lowers what is above a group's version: nothing else does."""
    choice = "" if group.name == DEFAULT else f" --group {group.name}"
    return f"`release-sync check --fix --to {group.version}{choice}`"
