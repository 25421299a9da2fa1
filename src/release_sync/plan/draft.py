"""The edited workspace of a release: its members, and what they require."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from release_sync.plan.facts import Draft
from release_sync.seals.artifact import Expected, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.toml.edits import FileEdit
    from release_sync.workspace.model import Lock, Member, Workspace

PUBLISHED = ("project.dependencies", "project.optional-dependencies")
"""The tables whose requirements end up in the metadata of an artifact (PEP 621)."""

MEGABYTE = 1_000_000


def draft(
    edits: tuple[FileEdit, ...],
    edited: Workspace,
    findings: tuple[str, ...],
    versions: Mapping[str, str],
) -> Draft:
    """Read the edited workspace: what must be true of every artifact of the released members.

    ``versions`` are what these are released as, which a member whose tag is its version gets.
    """
    released = [edited.member(name) for name in versions]
    return Draft(
        edits=edits,
        expected=tuple(_expected(one, versions[one.name], edited) for one in released),
        needs={member.name: _needs(member, frozenset(versions)) for member in released},
        findings=findings,
        locks=tuple(one.path for one in edited.locks if _is_touched(one, edits)),
    )


def _is_touched(lock: Lock, edits: tuple[FileEdit, ...]) -> bool:
    return any(edit.path in {lock.path, lock.manifest} for edit in edits)


def _expected(member: Member, version: str, workspace: Workspace) -> Expected:
    requires = tuple(
        one.text
        for one in member.requirements
        if one.table.startswith(PUBLISHED) and _is_requirement(one.text)
    )
    return Expected(
        member.name,
        member.folder,
        member.version or version,
        requires,
        workspace.configuration.accept,
        workspace.configuration.max_file_size * MEGABYTE,
        Level(workspace.configuration.verify),
        workspace.configuration.skip_import,
    )


def _needs(member: Member, released: frozenset[str]) -> frozenset[str]:
    return frozenset(one.name for one in member.requirements if one.is_runtime) & released


def _is_requirement(text: str) -> bool:
    """Return whether it is no template (``pkg=={{ version }}``), which a build hook fills in."""
    try:
        Requirement(text)
    except InvalidRequirement:
        return False
    return True
