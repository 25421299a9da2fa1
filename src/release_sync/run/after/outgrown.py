"""Published pins that the set has outgrown: what is released of other groups no longer fits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.drift import Drift
from release_sync.plan.together import excludes
from release_sync.plan.version import parsed
from release_sync.run.before.line import Line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from release_sync.run.context import Context
    from release_sync.run.drift import Latest
    from release_sync.steps.uploading.served import Served
    from release_sync.workspace.model import Requirement, Workspace

SIDE_BY_SIDE = 8
"""How many commits are read at once."""

RELEASED = "released"
"""The policy of a pin that stays at an earlier version."""


def outgrown(
    context: Context,
    latest: Latest,
    answers: Mapping[str, Served],
    index: str,
    sending: Collection[str],
) -> Iterator[Drift]:
    """Yield each requirement of a last release that what is released of its sibling does not meet.

    What was required is read from the commit of the release. Members of one group are released
    together, and compared with the index; of a group that is ``sending``, nothing is said.
    """
    groups = [one.name for one in context.workspace.groups if one.members]
    mine = [one for one in groups if one in latest.released and one not in sending]
    if len(mine) < 2:  # noqa: PLR2004 - a pair
        return
    line = Line(context, latest.branch, context.repository.head(), latest.refs or {})
    commits = [line.commit(f"refs/tags/{latest.released[one][1]}") for one in mine]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        then = pool.map(lambda commit: _at(context, commit), commits)
        for group, workspace in zip(mine, then, strict=True):
            for name in context.workspace.group(group).members if workspace else ():
                for one in _of_others(context, workspace, group, name):
                    if words := _against(context, one, latest, answers, index, sending):
                        version = latest.released[group][0]
                        yield Drift("pins", name, f"{name} {version} requires {one.text}, {words}")


def _at(context: Context, commit: str) -> Workspace | None:
    try:
        context.repository.fetch_commit(commit)
        return context.source.workspace(commit)
    except Problem:
        return None


def _of_others(
    context: Context, then: Workspace | None, group: str, name: str
) -> Iterator[Requirement]:
    """Yield what a member required at run time of members that other groups have now."""
    member = then.by_name.get(name) if then else None
    known, pins = context.workspace.by_name, context.workspace.configuration.pins
    for one in member.requirements if member else ():
        sibling = known.get(one.name)
        if (
            one.is_runtime
            and sibling is not None
            and sibling.group != group
            and not sibling.private
            and pins.get((name, one.name)) != RELEASED
        ):
            yield one


def _against(
    context: Context,
    one: Requirement,
    latest: Latest,
    answers: Mapping[str, Served],
    index: str,
    sending: Collection[str],
) -> str:
    """Return in words what is against a requirement; ``""`` for nothing."""
    group = context.workspace.member(one.name).group
    if group in sending or group not in latest.released:
        return ""
    served = answers.get(one.name)
    versions = served.versions if served else ()
    if versions and all(excludes(one, version) for version in versions):
        return f"and {index} has nothing that is that"
    version, _ = latest.released[group]
    now = parsed(version)
    early = now is None or now.is_prerelease  # which no installer takes unasked (PEP 440)
    if early or not excludes(one, version):
        return ""
    return f"which excludes {one.name} {version}, the latest release"
