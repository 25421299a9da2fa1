"""RS501: a tag names the version of the commit that it points to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.standards.versions import is_same, is_version
from release_sync.toml.location import Location
from release_sync.workspace.model import Fault
from release_sync.workspace.tag_names import named_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Group, Workspace


def mismatch(workspace: Workspace, tag: str) -> Iterator[Fault]:
    """Report a tag that has the form of a release's and names another version than the group's.

    A tag of another form says nothing, and so does one of a group whose versions come from tags.
    """
    found = named(workspace, tag)
    if found is None:
        return
    group, version = found
    if group.version and not is_same(version, group.version):
        member = workspace.member(group.every[0])
        yield Fault(
            code="RS501",
            place=member.version_place or Location(member.manifest),
            message=f"the tag {tag} names {version}, but its commit has {group.version}",
            member=member.name,
            expected=version,
            found=group.version,
        )


def named(workspace: Workspace, tag: str) -> tuple[Group, str] | None:
    """Return the group whose tag this is, and the version that it names."""
    for group in workspace.groups:
        version = named_version(workspace.tag(group.name), tag)
        if version and is_version(version):  # the second may import packaging
            return group, version
    return None
