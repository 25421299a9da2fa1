"""The bumps that are open: branches for a pull request, pushed and not merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Problem, Several
from release_sync.plan.branches import HEADS
from release_sync.plan.version import parsed, releases
from release_sync.run.branch import at_the_branch
from release_sync.run.bumping.forge import compare_url, forge_of
from release_sync.steps.way import pull_request_branch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.plan.facts import Position
    from release_sync.run.context import Context
    from release_sync.workspace.model import Group


class Unmerged(NamedTuple):
    """A branch with a bump that is not merged; ``compare`` is the page of its pull request."""

    branch: str
    group: str
    version: str
    target: str
    commit: str
    compare: str = ""

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.branch} brings {self.group} to {self.version}, and {self.target} is below it"


def unmerged(context: Context, group: str, branch: str = "") -> tuple[Unmerged, ...]:
    """Return the bumps that are open, of one group or of all; of one ``branch``, if it is named.

    One is merged once the branch that it is for has its version, however it came there: merged,
    squashed or rebased. Raises Problem where the remote can't be asked.
    """
    there, seen = at_the_branch(context)
    if seen.remote_problem is not None:
        raise seen.remote_problem
    if seen.upstream is None:
        remote = context.repository.remote
        raise Problem(f"{remote} has no branch {seen.target}", hint="push it first")
    workspace = there.workspace
    groups = [one for one in workspace.groups if one.members and group in ("", one.name)]
    return tuple(found for one in groups for found in _of(there, seen, one, branch))


def _of(context: Context, seen: Position, group: Group, branch: str) -> Iterator[Unmerged]:
    forge = forge_of(context)
    for version, ref in _candidates(context, seen, group, branch):
        ours, theirs = parsed(version), parsed(group.version)
        if ours is None or (theirs is not None and ours <= theirs):
            continue
        name, tip = ref.removeprefix(HEADS), (seen.refs or {})[ref]
        page = compare_url(forge, seen.target, name) if forge else ""
        yield Unmerged(name, group.name, version, seen.target, tip, page)


def _candidates(
    context: Context, seen: Position, group: Group, branch: str
) -> list[tuple[str, str]]:
    """Return the versions that branches are for, each with its ref: by their names, if need be."""
    refs = seen.refs or {}
    if not branch:
        pattern = pull_request_branch(context.workspace.tag(group.name))
        return releases(pattern, refs, HEADS)
    ref = f"{HEADS}{branch}"
    if ref not in refs:
        return []
    context.repository.fetch(ref)
    found = context.source.workspace(refs[ref]).group_by_name.get(group.name)
    return [(found.version, ref)] if found else []


def problem_of(open_ones: tuple[Unmerged, ...]) -> Problem | None:
    """Return what a check says of bumps that are open; None for none."""
    problems = tuple(
        Problem(
            f"not merged: {one}",
            hint=f"merge it, or delete the branch{f': {one.compare}' if one.compare else ''}",
        )
        for one in open_ones
    )
    return Several(problems) if len(problems) > 1 else next(iter(problems), None)
