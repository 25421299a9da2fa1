"""The whole examination, in order; whatever is not there is a row, and never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.doctor.clone import SHOWN, branch_row, clone
from release_sync.effects.doctor.publishing import pipeline, publishing
from release_sync.effects.doctor.remote import remote
from release_sync.effects.doctor.rows import Row, fine, wrong
from release_sync.effects.doctor.tools import isolation_row, tools
from release_sync.effects.git.repository import open_repository
from release_sync.effects.opening import open_context
from release_sync.effects.secrets import environment
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from release_sync.effects.context import ReleaseContext
    from release_sync.workspace.model import Group


MOST = 5
"""So many groups are shown with their members."""


def examine(path: str, index: str = "", names: Sequence[str] = ()) -> Iterator[Row]:
    """Yield a row for all that a release of the workspace around a path needs.

    ``index`` is the name of the one that is released to, where it is not the configured one;
    ``names`` are the groups that are to be released: where none of them is there, all are.
    """
    environ = environment()
    yield from tools(Uv(environ))
    try:
        repository = open_repository(path)
    except Problem as problem:
        yield wrong("repository", problem)
        return
    try:
        context = open_context(path, index, environ=environ, builds=repository.is_checked_out)
    except Problem as problem:
        yield wrong("workspace", problem)
        yield from clone(repository)
        return
    rows = []
    for row in _of(context, names):
        rows.append(row)
        yield row
    yield from pipeline(environ, rows)


def _of(context: ReleaseContext, names: Sequence[str]) -> Iterator[Row]:
    workspace = context.workspace
    known = [group for group in workspace.groups if group.members]
    groups = [group for group in known if group.name in names] or known
    more = f"; and {len(groups) - MOST} more groups" if len(groups) > MOST else ""
    yield fine(
        "workspace", "; ".join(map(_group, groups[:MOST])) + more or "every member is private"
    )
    there = [group.name for group in known]
    for name in dict.fromkeys(one for one in names if one not in there):
        problem = Problem(
            f"there is no group {name!r} (there are: {', '.join(there)})",
            hint="name one of these with `--group`",
        )
        yield wrong(f"group {name}", problem)
    branches = _branches(workspace.configuration.branch)
    yield branch_row(context.repository, branches)
    yield from clone(context.repository)
    yield from _guarded("remote", remote(context, branches, groups))
    yield from _guarded("index", publishing(context, groups))
    yield isolation_row(context.isolation)


def _branches(configured: str | Iterable[str]) -> tuple[str, ...]:
    """Return the branches that releases are made from: one, or several."""
    return (configured,) if isinstance(configured, str) else tuple(configured)


def _group(group: Group) -> str:
    more = f" and {len(group.members) - SHOWN} more" if len(group.members) > SHOWN else ""
    named = f"{group.name} {group.version}".strip(" ")
    return f"{named} ({', '.join(group.members[:SHOWN])}{more})"


def _guarded(name: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows, and in place of what could not be looked at why not."""
    try:
        yield from rows
    except Problem as problem:
        yield wrong(name, problem)
