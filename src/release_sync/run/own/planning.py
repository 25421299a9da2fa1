"""The workspace's own steps while a release is planned: one may refuse it, another edits more."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.steps.own.own_step import about
from release_sync.steps.ports.scripts import SCRIPT, Script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.plan.facts import Draft
    from release_sync.plan.group_version import GroupVersion
    from release_sync.run.context import Context
    from release_sync.toml.edits import FileEdit
    from release_sync.workspace.model import Workspace


def ask_own(context: Context, base: str, workspace: Workspace, to: Sequence[GroupVersion]) -> None:
    """Run what comes before a plan.

    Raises Problem where one of these says no, or a script of any point is not there.
    """
    paths = [
        one.run[0]
        for point in workspace.configuration.steps
        for one in point
        if one.run[0].endswith(SCRIPT)
    ]
    missing = context.planned_scripts().missing(base, paths) if paths else ()
    if missing:
        raise Problem(
            f"{base[:7]} has no {', '.join(missing)}, which [tool.release-sync.steps] names",
            hint="commit what is missing, and try again",
        )
    for rule in workspace.configuration.steps.before_plan:
        with _at("before-plan"):
            context.planned_scripts().ask(Script(*rule), base, _told("before-plan", base, to))


def with_own_edits(
    context: Context, base: str, workspace: Workspace, found: Draft, to: Sequence[GroupVersion]
) -> Draft:
    """Return a draft with the edits of what comes behind the bump, each on top of those before.

    A release that is made without a commit has none. Raises Problem where one fails, or changes
    what `writes` does not name.
    """
    edits = {edit.path: edit for edit in found.edits}
    for rule in workspace.configuration.steps.after_bump if edits else ():
        script = Script(*rule)
        told, files = (
            _told("after-bump", base, to),
            {one.path: one.content for one in edits.values()},
        )
        with _at("after-bump"):
            more = context.planned_scripts().changes(script, base, told, files)
        strange = [one.path for one in more if not _is_named(workspace, one.path)]
        if strange:
            raise Problem(
                f"{script.words} (after-bump) changes what no release may: {', '.join(strange)}",
                hint="name what it may change in `writes` of [tool.release-sync]",
            )
        edits |= {one.path: _upon(edits.get(one.path), one) for one in more}
    return replace(found, edits=tuple(edits[path] for path in sorted(edits)))


def may_be_own(context: Context, base: str, path: str) -> bool:
    """Return whether an edit of a release that stands on a commit may be that of a script."""
    workspace = context.source.workspace(base)
    return bool(workspace.configuration.steps.after_bump) and _is_named(workspace, path)


def _told(point: str, base: str, to: Sequence[GroupVersion]) -> dict[str, object]:
    return {**about(point, to, [(one.group, one.previous) for one in to]), "commit": base}


@contextmanager
def _at(point: str) -> Iterator[None]:
    """Name the point at which something is refused."""
    try:
        yield
    except Problem as problem:
        raise Problem(f"{point}: {problem.message}", hint=problem.hint) from problem


def _upon(before: FileEdit | None, edit: FileEdit) -> FileEdit:
    """Return an edit from what the file was before the first one of it."""
    if before is None:
        return edit
    return edit._replace(before=before.before, changes=(*before.changes, *edit.changes))


def _is_named(workspace: Workspace, path: str) -> bool:
    """Return whether `writes` names a path, which is below the workspace's root."""
    is_below = not path.startswith("../")
    return is_below and any(fnmatchcase(path, one) for one in workspace.configuration.writes)
