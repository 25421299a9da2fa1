"""What no rule could look at: requirements on versions that are tags, where the tags are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.workspace.requirements import said_by

if TYPE_CHECKING:
    from release_sync.workspace.model import Requirement, Workspace

SHOWN = 5
"""So many members are named in a message; there may be hundreds."""


def not_looked_at(workspace: Workspace) -> str:
    """Return what no tag was here to compare with, and what to do; ``""`` for nothing."""
    names = unjudged(workspace)
    if not names:
        return ""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    what = f"what requires {', '.join(names[:SHOWN])}{more} was not looked at"
    tag = workspace.tag(workspace.member(names[0]).group)
    if workspace.has_all_tags:
        return f"{what}: there is no tag {tag} yet"
    remedy = "run `git fetch --tags`, in a shallow clone with `--unshallow`"
    return f"{what}: no tag {tag} is reachable here; {remedy}"


def unjudged(workspace: Workspace) -> tuple[str, ...]:
    """Return the members of which something is required that no tag is here to compare with."""
    lacking = {
        name
        for group in workspace.groups
        if not group.version
        for name in group.members
        if workspace.by_name[name].dynamic and workspace.by_name[name].version is None
    }
    if not lacking or "RS203" in workspace.configuration.ignore:
        return ()
    found = {
        requirement.name
        for owner in workspace.owners
        for requirement in owner.requirements
        if requirement.name in lacking and _is_compared(requirement)
    }
    return tuple(sorted(found))


def _is_compared(requirement: Requirement) -> bool:
    said = said_by(requirement)
    return bool(said.text) and said.form not in {"odd", "template", "url"}
