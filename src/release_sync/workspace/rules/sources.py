"""RS204: with uv, an internal requirement comes from the workspace and not from an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.workspace.model import Fault
from release_sync.workspace.toml import workspace_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Requirement, Workspace

RESOLVED = frozenset(
    {
        "project.dependencies",
        "project.optional-dependencies",
        "dependency-groups",
        "build-system.requires",
        "tool.uv.dev-dependencies",
    }
)
"""The tables from which uv resolves."""


def missing(workspace: Workspace) -> Iterator[Fault]:
    """Report the first place where a member requires a sibling that has no workspace source."""
    for requirement in unsourced(workspace):
        message = f"{requirement.name} has no source in [tool.uv.sources]"
        yield Fault(
            code="RS204",
            place=requirement.place,
            message=f"{message}; write {requirement.name} = {{ workspace = true }}",
            member=requirement.owner,
            expected=f"{requirement.name} = {{ workspace = true }}",
            fixable=True,
        )


def unsourced(workspace: Workspace) -> Iterator[Requirement]:
    """Yield the requirements that uv would look for on an index: one for each owner and name.

    The sources of the root hold for every member (uv's documentation, concepts/workspaces).
    """
    if not workspace.uv:
        return
    shared = workspace_sources(workspace.manifest)
    for member in workspace.members:
        needed = {one.name: one for one in reversed(member.requirements) if one.table in RESOLVED}
        for name in sorted(needed.keys() - shared - member.sources - {member.name}):
            yield needed[name]
