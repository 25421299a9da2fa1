"""The versions of members whose versions are tags: those of the latest tags that are reachable."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from release_sync.standards.versions import greatest, is_greater, is_version, normal
from release_sync.workspace.tag_names import before_version, named_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Group, Workspace


def with_tag_versions(tree: Tree, workspace: Workspace) -> Workspace:
    """Give the members of groups that have no version but their tag's that version.

    Where others of a group say a version themselves, and its latest tag names a greater one, that
    is the group's. Without members whose versions are tags the tree is not asked for its tags.
    Raises Unread.
    """
    members = workspace.by_name
    tagged = [
        group
        for group in workspace.groups
        if any(members[name].dynamic for name in group.members or group.every)
    ]
    if not tagged:
        return workspace
    tags = tree.tags()
    names = sorted(tags.names)
    latest = {one.name: greatest(_versions(workspace.tag(one.name), names)) for one in tagged}
    unsaid = {one.name for one in tagged if not one.version}
    found = {
        name: one._replace(version=latest[one.group] or None)
        if one.dynamic and one.group in unsaid
        else one
        for name, one in members.items()
    }
    groups = tuple(_raised(one, latest.get(one.name, "")) for one in workspace.groups)
    return workspace._replace(
        members=tuple(found.values()),
        by_name=found,
        groups=groups,
        group_by_name={one.name: one for one in groups},
        has_all_tags=tags.is_whole,
    )


def _raised(group: Group, latest: str) -> Group:
    """Return a group with the version of its latest tag, where it says one, and that is lower."""
    is_lower = group.version and latest and is_greater(latest, group.version)
    return group._replace(version=latest) if is_lower else group


def _versions(pattern: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the versions that tags of a pattern name; ``names`` are sorted."""
    start = before_version(pattern)
    for at in range(bisect_left(names, start), len(names)):
        if not names[at].startswith(start):
            return
        version = named_version(pattern, names[at])
        if version and is_version(version):
            yield normal(version)
