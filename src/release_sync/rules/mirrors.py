"""RS102: every mirror says its member's version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.standards.versions import is_same, is_version
from release_sync.workspace.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Workspace


def mismatches(workspace: Workspace) -> Iterator[Fault]:
    """Report every mirror that says another version than its member should have.

    Those of a version that is a tag are not compared: they say the next one before it is there.
    """
    for member in workspace.members:
        is_compared = member.mirrors and not member.dynamic
        expected = workspace.expected(member.name) if is_compared else None
        for mirror in member.mirrors:
            if expected is None or is_same(mirror.text, expected) or not is_version(expected):
                continue
            if workspace.is_above(member) and is_same(
                mirror.text, workspace.group(member.group).version
            ):
                continue
            yield Fault(
                code="RS102",
                place=mirror.place,
                message=f"{mirror.place.path} says {mirror.text!r}, {member.name} is at {expected}",
                member=member.name,
                expected=expected,
                found=mirror.text,
            )
