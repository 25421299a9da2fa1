"""The version of a release: from the workspace's files, the tags of its line, and the index."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from release_sync.errors import Problem
from release_sync.plan.channels.channel import Channel, channel_of
from release_sync.plan.channels.counting import (
    counted_up,
    following,
    is_counted,
    is_of_series,
    next_version,
)
from release_sync.plan.group_version import GroupVersion
from release_sync.plan.version import PRE_LEVELS, RELEASE_LEVELS, parsed, releases, usable
from release_sync.run.before.follow_up import follows
from release_sync.run.before.line import Line, SealedLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from release_sync.plan.facts import Position, Request
    from release_sync.run.context import Context
    from release_sync.seals.pending import Sealed
    from release_sync.steps.uploading.served import Served
    from release_sync.workspace.model import Group, Workspace


def versions(
    context: Context,
    request: Request,
    seen: Position,
    workspace: Workspace,
    group: Group,
    served: Callable[[], Mapping[str, Served]] = dict,
) -> GroupVersion:
    """Return the versions of a release of a group, of which the request may ask for several.

    ``served`` is called for what the index has, where versions are counted up. Raises Problem.
    """
    request, tag = request.of(group.name), _tags(workspace, group)

    def made(previous: str, version: str, *more: Any) -> GroupVersion:  # noqa: ANN401 - its fields
        return GroupVersion(group.name, previous, version, tag(version), group.members, *more)

    if request.as_it_is:
        return made(group.version or request.version or "", request.version or "")
    pattern = workspace.tag(group.name)
    line = _line(context, seen, seen.target, seen.base, is_tags=_is_tags(workspace, group))
    given = request.levels
    request = replace(request, levels=_asked(line, group, request))
    previous, version = _next_of_several(line, workspace, group, request)
    if request.version is not None or "none" in request.levels:
        ref = context.names.tag(tag(version))
        is_released = request.version is None and ref in line.known and line.sealed(ref)
        return made(previous, version, (), version if is_released else "")
    if is_counted(request.levels):
        answers = [one for name, one in served().items() if name in group.members]
        there = (one for answer in answers for one in (*answer.versions, *answer.empty))
        tagged = (one for one, _ in releases(pattern, line.known))
        version = counted_up(version, request.levels, [*there, *tagged])
    version, passed = usable(version, request.levels, _given_up(context, seen, workspace, group))
    left = "" if given else _left(line, workspace, group, version)
    return made(previous, version, tuple(map(tag, passed)), left)


def other_version(
    context: Context, request: Request, seen: Position, workspace: Workspace, sealed: Sealed
) -> str:
    """Return the version that levels lead to, unless a pending release is of it; ``""`` then.

    Of a release of several groups ``sealed`` is the part of one. It may have landed by now, which
    changes nothing about what was asked for.
    """
    request = request.of(sealed.group)
    group = workspace.group(sealed.group)
    seen = replace(seen, refs=_without(context, seen.refs or {}, sealed.tag))
    line = _line(context, seen, sealed.branch, sealed.base, is_tags=_is_tags(workspace, group))
    request = replace(request, levels=_asked(line, group, request))
    _, version = _next(line, workspace, group, request)
    is_given_up = _given_up(context, seen, workspace, group)
    behind, _ = usable(version, request.levels, is_given_up)
    same = any(is_of_series(sealed.version, one, request.levels) for one in (version, behind))
    return "" if same else version


def _without(context: Context, refs: Mapping[str, str], tag: str) -> dict[str, str]:
    """Return some refs without those of one release."""
    own = {context.names.tag(tag), context.names.sealed(tag)}
    return {ref: oid for ref, oid in refs.items() if ref.removesuffix("^{}") not in own}


def _asked(line: Line, group: Group, request: Request) -> tuple[str, ...]:
    """Return the levels of a request; where it names no release level, that of the changes."""
    asked = line.context.source.kept(line.head, group.name).level
    named = {*request.levels} - {*PRE_LEVELS, "dev"}
    now = parsed(group.version)
    if request.version is not None or not asked or named or now is None:
        return request.levels
    if not now.is_prerelease or now.is_devrelease:
        return (asked, *request.levels)
    lower = now.release[RELEASE_LEVELS.index(asked) + 1 :]
    # 2.0.0rc1 is of a version that is great enough for any change, 1.4.0rc1 for a minor one.
    return request.levels or ((asked,) if any(lower) else ("stable",))


def _next_of_several(
    line: Line, workspace: Workspace, group: Group, request: Request
) -> tuple[str, str]:
    """Return the same as ``_next``; what is against it says of which group, if there are others."""
    try:
        return _next(line, workspace, group, request)
    except Problem as problem:
        if len([one for one in workspace.groups if one.members]) == 1:
            raise
        hint = problem.hint.replace("`--bump none`", f"`--bump {group.name}=none`")
        hint = hint.replace("`--version`", f"`--version {group.name}=V`")
        raise Problem(f"{group.name}: {problem.message}", hint=hint) from problem


def _next(line: Line, workspace: Workspace, group: Group, request: Request) -> tuple[str, str]:
    """Return the version that the release of a group goes on from, and its own."""
    pattern, here = workspace.tag(group.name), group.version
    if _is_tags(workspace, group):
        here = ""  # some of these tags are pre-releases
    now = parsed(here)
    latest, _ = line.latest(pattern, here, Channel.NIGHTLY)
    if channel_of(latest) is Channel.NIGHTLY and not request.levels:
        latest = line.latest(pattern, here, Channel.EARLY)[0] or latest
    above = "" if now and now.is_devrelease else here
    final, _ = line.latest(pattern, above, Channel.FINAL)
    if not (here or latest or final):
        here = group.version  # its tag is known here alone, or hidden
    return next_version(here, latest, final, request.levels, request.version)


def _is_tags(workspace: Workspace, group: Group) -> bool:
    """Return whether no file has the version of a group: it is the tag's."""
    return all(workspace.member(name).dynamic for name in group.members)


def _line(context: Context, seen: Position, branch: str, base: str, *, is_tags: bool) -> Line:
    """Return the line of a branch; where tags are versions, any tag says one, also here alone."""
    refs = seen.refs or {}
    return (
        Line(context, branch, base, refs, seen.tags)
        if is_tags
        else SealedLine(context, branch, base, refs)
    )


def _left(line: Line, workspace: Workspace, group: Group, next_one: str) -> str:
    """Return the release that stands on the base without being on the branch, or left it so.

    It is the latest one of the channel of the next one, or that one itself, which is taken then.
    """
    context, base, pattern = line.context, line.head, workspace.tag(group.name)
    taken = context.names.tag(workspace.tag(group.name, next_one))
    for ref in (line.latest(pattern, "", channel_of(next_one))[1], taken):
        sealed = line.sealed(ref) if ref in line.known else None
        if sealed is not None and sealed.base == base != sealed.candidate:
            return sealed.own.version
    for version, one in releases(pattern, line.known):
        if parsed(following(version)) == parsed(group.version) and group.version:
            return version if follows(context, line.commit(one), base) else ""
    return ""


def _given_up(
    context: Context, seen: Position, workspace: Workspace, group: Group
) -> Callable[[str], bool]:
    refs, tag = seen.refs or {}, _tags(workspace, group)
    return lambda one: context.names.abandoned(tag(one)) in refs


def _tags(workspace: Workspace, group: Group) -> Callable[[str], str]:
    return lambda version: workspace.tag(group.name, version)
