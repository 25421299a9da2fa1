"""What the workspace's own towncrier makes of its fragments, as edits of the release."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.plan.facts import Draft
    from release_sync.plan.group_version import GroupVersion
    from release_sync.run.context import Context


def with_fragments(context: Context, base: str, found: Draft, to: Sequence[GroupVersion]) -> Draft:
    """Return a draft with the edits of towncrier, which is run for it where it is configured.

    What is refused anyway is not tried. Raises Problem where it fails.
    """
    released = [(one.group, one.version) for one in to if found.changelogs[one.group].fragments]
    if not released or found.findings or context.isolation.problem:
        return found
    files = {edit.path: edit.content for edit in found.edits}
    more = context.fragments(base, files, released)
    edits = {edit.path: edit for edit in (*found.edits, *more)}
    return replace(found, edits=tuple(edits[path] for path in sorted(edits)))
