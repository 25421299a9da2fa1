"""The versions of members whose versions are tags: those of the latest tags that are reachable."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from release_sync.standards.versions import greatest, is_version, normal
from release_sync.workspace.tag_names import VERSION, named_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Workspace


def with_tag_versions(tree: Tree, workspace: Workspace) -> Workspace:
    """Give the members of groups that have no version but their tag's that version.

    Without such groups the tree is not asked for its tags. Raises Unread.
    """
    members = workspace.by_name
    groups = [
        group.name
        for group in workspace.groups
        if all(members[name].dynamic for name in group.members or group.every)
    ]
    if not groups:
        return workspace
    tags = tree.tags()
    names = sorted(tags.names)
    latest = {group: greatest(_versions(workspace.tag(group), names)) for group in groups}
    found = {
        name: one._replace(version=latest[one.group] or None)
        if one.dynamic and one.group in latest
        else one
        for name, one in members.items()
    }
    return workspace._replace(
        members=tuple(found.values()), by_name=found, has_all_tags=tags.is_whole
    )


def _versions(pattern: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the versions that tags of a pattern name; ``names`` are sorted."""
    start = pattern.partition(VERSION)[0]
    for at in range(bisect_left(names, start), len(names)):
        if not names[at].startswith(start):
            return
        version = named_version(pattern, names[at])
        if version and is_version(version):
            yield normal(version)
