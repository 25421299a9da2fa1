"""The branches that releases are made from: the one place that decides which one it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.plan.version import parsed
from release_sync.steps.way import pull_request_branch
from release_sync.workspace.tag_names import named_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.workspace.model import Workspace

GLOB = "*"
HEADS = "refs/heads/"


def is_release_branch(workspace: Workspace, name: str) -> bool:
    """Return whether releases are made from a branch: it is configured, by its name or by a glob.

    No glob means a branch for the pull request of a release: it is to be merged, not released.
    """
    named = workspace.configuration.branch
    if name in named:
        return True
    return workspace.configuration.is_branch(name) and not is_for_pull_request(workspace, name)


def is_for_pull_request(workspace: Workspace, name: str) -> bool:
    """Return whether a branch has the name of one that brings a release in by a pull request."""
    patterns = (pull_request_branch(workspace.tag(group.name)) for group in workspace.groups)
    return any(parsed(named_version(pattern, name)) is not None for pattern in patterns)


def proposing(workspace: Workspace) -> tuple[str, ...]:
    """Return globs of the branches for pull requests that a configured branch, a glob, matches."""
    named = dict.fromkeys(
        pull_request_branch(workspace.tag(one.name, GLOB)) for one in workspace.groups
    )
    return tuple(one for one in named if workspace.configuration.is_branch(one))


def release_branch(
    workspace: Workspace, here: str, head: str = "", refs: Mapping[str, str] | None = None
) -> str:
    """Return the branch that a release is made from: HEAD's, where it is one.

    ``here`` is HEAD's branch, empty for a detached HEAD: that is on the branch whose tip on the
    remote it is. Else it is the first that is configured by its name; ``""`` where all are globs.
    """
    if is_release_branch(workspace, here):
        return here
    tips = [] if here else [ref for ref, oid in (refs or {}).items() if oid == head]
    found = [ref.removeprefix(HEADS) for ref in tips if ref.startswith(HEADS)]
    plain = [one for one in workspace.configuration.branch if GLOB not in one]
    at_head = [one for one in found if is_release_branch(workspace, one)]
    return next(iter([*(one for one in plain if one in at_head), *sorted(at_head), *plain]), "")


def named(workspace: Workspace) -> str:
    """Return the configured branches, in words."""
    return " or ".join(workspace.configuration.branch)
