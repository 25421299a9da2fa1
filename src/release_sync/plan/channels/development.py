"""The development version that a branch goes on at behind a release (``after = "dev"``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.plan.channels.counting import following
from release_sync.steps.ports.workbench import Development
from release_sync.steps.way import Way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.plan.facts import Facts
    from release_sync.workspace.model import Workspace

BACK = "Back to development: "
"""How the message of the commit begins."""

MOVES = frozenset({Way.PUSH, Way.BRANCH})
"""The ways of landing that move a branch."""


def development(workspace: Workspace, versions: Mapping[str, str]) -> Development | None:
    """Return what follows a release of some groups, each with its version; None for nothing.

    ``workspace`` is the one that is released, whose configuration counts. A group whose version is
    the tag's has none in its files, and one at a development version stays there.
    """
    if workspace.configuration.after != "dev":
        return None
    told = {
        name: after
        for name, version in versions.items()
        if (after := following(version)) and _says_it(workspace, name)
    }
    if not told:
        return None
    several = len([group for group in workspace.groups if group.members]) > 1
    words = ", ".join(f"{name} {one}" if several else one for name, one in sorted(told.items()))
    members = ((name, one) for group, one in told.items() for name in workspace.group(group).every)
    return Development(tuple(members), words, f"{BACK}{words}")


def comes_to_the_branch(facts: Facts) -> bool:
    """Return whether a commit is made that may go to the branch: none of a tag's does."""
    return bool(facts.draft.edits) and not facts.position.existing


def _says_it(workspace: Workspace, group: str) -> bool:
    return not all(workspace.member(name).dynamic for name in workspace.group(group).members)
