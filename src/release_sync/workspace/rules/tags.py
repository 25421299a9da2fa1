"""RS501: a tag names the version of the commit that it points to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.workspace.grouping import DEFAULT
from release_sync.workspace.model import Fault, Place
from release_sync.workspace.pep440 import is_same, is_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Group, Workspace


def mismatch(workspace: Workspace, tag: str) -> Iterator[Fault]:
    """Report a tag that has the form of a release's and names another version than the group's.

    A tag of another form says nothing, and so does one of a group whose versions come from tags.
    """
    named = _named(workspace, tag)
    if named is None:
        return
    group, version = named
    if group.version and not is_same(version, group.version):
        member = workspace.member(group.members[0])
        yield Fault(
            code="RS501",
            place=member.version_place or Place(member.manifest),
            message=f"the tag {tag} names {version}, but its commit has {group.version}",
            member=member.name,
            expected=version,
            found=group.version,
        )


def _named(workspace: Workspace, tag: str) -> tuple[Group, str] | None:
    pattern = re.escape(workspace.configuration.tag)
    for word in ("version", "group"):
        first, *others = pattern.split(re.escape(f"{{{word}}}"))
        if others:
            pattern = f"{first}(?P<{word}>.+){f'(?P={word})'.join(others)}"
    found = re.fullmatch(pattern, tag)
    if found is None or not is_version(found["version"]):
        return None
    name = found.groupdict().get("group", _only(workspace))
    group = next((one for one in workspace.groups if one.name == name), None)
    return None if group is None else (group, found["version"])


def _only(workspace: Workspace) -> str:
    names = [group.name for group in workspace.groups]
    return names[0] if len(names) == 1 else DEFAULT
