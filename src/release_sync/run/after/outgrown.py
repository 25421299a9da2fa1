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
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from release_sync.run.context import Context
    from release_sync.run.drift import Latest
    from release_sync.steps.uploading.served import Served
    from release_sync.workspace.model import Member, Requirement

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
    together, and compared with the index; of what is being sent, nothing is said.
    """
    mine = {group: one for group, one in latest.released.items() if group not in sending}
    if len(mine) < 2:  # noqa: PLR2004 - a pair
        return
    refs = latest.refs or {}
    line = Line(context, latest.branch, context.repository.head(), refs)
    commits = {group: line.commit(f"refs/tags/{tag}") for group, (_, tag) in mine.items()}
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        then = {group: pool.submit(_members, context, one) for group, one in commits.items()}
    for group, (version, _) in mine.items():
        for name in context.workspace.group(group).members:
            for one in _of_others(context, then[group].result().get(name), answers):
                if words := _against(context, one, latest, answers[one.name].versions, index):
                    yield Drift("pins", name, f"{name} {version} requires {one.text}, {words}")


def _members(context: Context, commit: str) -> Mapping[str, Member]:
    """Return the members that a commit has, by name; none where no workspace can be read there."""
    try:
        context.repository.fetch_commit(commit)
        return context.source.workspace(commit).by_name
    except Problem:
        return {}


def _of_others(
    context: Context, then: Member | None, answers: Mapping[str, Served]
) -> Iterator[Requirement]:
    """Yield what a member required at run time of what other groups release."""
    pins, workspace = context.workspace.configuration.pins, context.workspace
    for one in then.requirements if then else ():
        if (
            one.is_runtime
            and one.name in answers
            and workspace.member(one.name).group != workspace.member(one.owner).group
            and pins.get((one.owner, one.name)) != RELEASED
        ):
            yield one


def _against(
    context: Context, one: Requirement, latest: Latest, versions: Sequence[str], index: str
) -> str:
    """Return in words what is against a requirement; ``""`` for nothing."""
    if versions and all(excludes(one, version) for version in versions):
        return f"and {index} has nothing that is that"
    version, _ = latest.released.get(context.workspace.member(one.name).group, ("", ""))
    now = parsed(version)
    if now is None or now.is_prerelease:  # no installer takes one unasked (PEP 440)
        return ""
    excluded = f"which excludes {one.name} {version}, the latest release"
    return excluded if excludes(one, version) else ""
