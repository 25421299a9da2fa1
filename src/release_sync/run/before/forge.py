"""The rules of the remote's forge, asked for before a release is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.forges.rules import Told
from release_sync.plan.forge import landing

if TYPE_CHECKING:
    from release_sync.plan.facts import Position
    from release_sync.run.context import Context
    from release_sync.workspace.model import Workspace


def forge_rules(
    context: Context, seen: Position, workspace: Workspace, group: str, version: str
) -> Told:
    """Ask the forge about all that a landing could change; not that of a silent remote."""
    if seen.refs is None:
        return Told()
    tag = workspace.tag(group, version)
    return context.forge_rules(landing(context.names, group, seen, tag).every)
