"""The commit that followed a release on its branch, recognised: it is nobody's change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from release_sync.run.context import Context


def follows(context: Context, released: str, commit: str) -> bool:
    """Return whether a commit is on top of a released one, and moves versions alone.

    Several groups may have been released in one act, and go on together.
    """
    if context.repository.parents(commit) != (released,):
        return False
    context.repository.fetch_commit(released)
    before = context.source.workspace(released).by_name
    now = context.source.workspace(commit).by_name
    versions = {
        name: one.version
        for name, one in now.items()
        if one.version and name in before and before[name].version != one.version
    }
    edits, _, _ = context.source.edited(released, versions, commit)
    above = "" if context.prefix == "." else f"{context.prefix}/"
    files = {f"{above}{edit.path}": edit.content for edit in edits}
    return not context.repository.differences(released, files, commit)
