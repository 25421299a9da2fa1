"""The names of release tags, read back: the only place that knows how."""

from __future__ import annotations

import re
from itertools import permutations
from typing import TYPE_CHECKING

from release_sync.configuration.values import Misconfigured
from release_sync.standards.versions import is_version

if TYPE_CHECKING:
    from release_sync.workspace.model import Workspace

VERSION = "{version}"


def named_version(pattern: str, tag: str) -> str:
    """Return what a tag has in the place of ``{version}``; ``""`` for a tag of another form.

    ``pattern`` is what ``Workspace.tag`` returns without a version. Where it has the version more
    than once, so has the tag, each time the same. Whether it is a version is not asked.
    """
    first, *others = map(re.escape, pattern.split(VERSION))
    found = re.fullmatch(f"{first}(?P<version>.+){'(?P=version)'.join(others)}", tag)
    return found["version"] if found else ""


def check_tags(workspace: Workspace) -> None:
    """Raise Misconfigured where a tag that the table gives to a group could be another group's."""
    own = {rule.name for rule in workspace.configuration.groups if rule.tag}
    named = [one.name for one in workspace.groups if one.members] if own else []
    for one, other in permutations(named, 2):
        tag = workspace.tag(other, "1.0")
        version = named_version(workspace.tag(one), tag) if own & {one, other} else ""
        if version and is_version(version):  # the second may import packaging
            name = other if other in own else one
            message = f"a tag such as {tag} could be one of {one} or of {other}"
            hint = "put something before {version} that tells them apart, such as {group}-"
            raise Misconfigured(("groups", name, "tag"), message, hint)
