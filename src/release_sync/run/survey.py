"""The survey before a plan: every fact, and every problem, gathered once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Unreadable
from release_sync.plan.availability import Availability, availability
from release_sync.plan.draft import draft
from release_sync.plan.facts import Draft, Facts, Request
from release_sync.run.before.situation import situation
from release_sync.run.before.versions import versions
from release_sync.run.released import missing, served_before, strangers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from release_sync.plan.facts import Position
    from release_sync.run.context import Context, Index, Source
    from release_sync.steps.uploading.served import Served
    from release_sync.workspace.model import Group, Workspace


def survey(context: Context, request: Request, seen: Position, *, uploads: bool = True) -> Facts:
    """Return the facts of a release; what does not upload needs no credentials. Raises Problem."""
    workspace = context.source.workspace(seen.base)
    group = choose_group(workspace, request.group)
    with ThreadPoolExecutor(1) as pool:  # the index is asked while git and uv are
        index = pool.submit(asked, context.index, group.members, uploads=uploads)
        next_one = versions(context, request, seen, workspace, group, lambda: index.result()[1])
        previous, version, passed_over, left = next_one
        before, found, edited = drafted(context.source, seen.base, group, version)
        in_step = None if before or found.findings else found
        around = [*_in_the_way(context, seen, edited, group, in_step, uploads=uploads)]
        there, answers, refused = index.result()
    tags = context.repository, workspace.tag(group.name), _known(context, seen)
    gone = served_before(*tags, there.name, missing(answers))
    return Facts(
        request=request,
        position=seen,
        base=seen.base,
        workspace=workspace,
        findings=before,
        group=group.name,
        previous=previous,
        version=version,
        tag=workspace.tag(group.name, version),
        index=there.name,
        draft=found,
        isolation=context.isolation,
        names=context.names,
        maker=context.version,
        served=_available(answers, version, gone),
        served_before=gone,
        pypi=there.is_pypi,
        trusted=uploads and there.is_trusted_publisher,
        strangers=strangers(*tags, answers),
        passed_over=passed_over,
        left=left,
        more_problems=tuple(filter(None, (*around, refused))),
        strategy=context.strategy,
        situation=situation(context, seen, workspace, group, answers),
    )


def _known(context: Context, seen: Position) -> dict[str, str]:
    """Return every tag, here and there, and the seals beside them as if these were tags."""
    refs = seen.refs or {}
    return {**refs, **seen.tags, **context.names.beside(refs)}


def drafted(
    source: Source, base: str, group: Group, version: str
) -> tuple[tuple[str, ...], Draft, Workspace]:
    """Return what is found before the edits of a release; these, and the workspace with them."""
    edits, edited, findings = source.edited(base, dict.fromkeys(group.every, version))
    found = draft(edits, edited, findings, tuple(group.members), version)
    return source.findings(base), found, edited


def _in_the_way(
    context: Context,
    seen: Position,
    edited: Workspace,
    group: Group,
    in_step: Draft | None,
    *,
    uploads: bool,
) -> Iterator[Problem | None]:
    """Yield what is wrong around a release, rather than with it.

    Of a draft that is ``in_step`` uv is asked whether it needs more in the lock than versions; what
    it builds to say so is a build, too.
    """
    not_isolated = context.isolation.problem
    yield from _unreleased(context, edited, group)
    yield context.repository.identity_problem()
    yield from context.tool_problems(uploads=uploads)
    if not uploads:  # the seal says that it is staged, and who finishes it can't change that
        yield context.staging_problem(uploads=False)
    if seen.refs is not None:
        yield from context.push_problems()
    yield not_isolated
    if not_isolated is None and in_step is not None:
        files = {edit.path: edit.after for edit in in_step.edits}
        yield context.lock_problem(seen.base, files, in_step.locks)


def _unreleased(context: Context, edited: Workspace, group: Group) -> Iterator[Problem]:
    """Yield what the released members need of other groups, and no index has yet."""
    asked = {
        (member, one.name, one.text)
        for member in group.members
        for one in edited.member(member).requirements
        if one.is_runtime and one.form == "pep508" and one.name not in group.members
    }
    if not asked or context.isolation.problem is not None:
        return
    missing = {text for text in {text for _, _, text in asked} if context.is_unreleased(text)}
    for member, name, text in sorted(asked):
        if text in missing:
            other = edited.member(name)
            first = "" if other.private else _first(context, edited, group, other.group)
            yield Problem(
                f"{member} requires {text}, which is not released: nobody could install {member}",
                hint=first or f"{name} is private, and never released",
            )


def _first(context: Context, edited: Workspace, group: Group, other: str) -> str:
    """Return what is to be done first where a group needs another; both may need each other."""
    back = {
        one.text
        for member in edited.group(other).members
        for one in edited.member(member).requirements
        if one.is_runtime and one.form == "pep508" and one.name in group.members
    }
    if any(context.is_unreleased(text) for text in sorted(back)):
        return (
            f"{group.name} and {other} need what only the other's release brings, and a release is"
            f" of one group: let one of them require a range, release it, then the other"
        )
    return f"release {other} first: `release-sync publish --group {other}`"


def choose_group(workspace: Workspace, name: str) -> Group:
    """Return the group of that name; without a name, the only one. Raises Unreadable."""
    groups = {group.name: group for group in workspace.groups if group.members}
    if not groups or name in workspace.group_by_name.keys() - groups.keys():
        whole = f"the group {name}" if groups else "this workspace"
        raise Unreadable(
            f"no package of {whole} is ever released: all are private",
            hint="a package needs a [build-system], and must not be listed under `private`",
        )
    if not name and len(groups) == 1:
        return next(iter(groups.values()))
    wanted = name or "default"
    if wanted in groups:
        return groups[wanted]
    known = ", ".join(groups)
    if not name:
        raise Unreadable(f"which group? ({known})", hint="name one with `--group`")
    close = get_close_matches(name, groups, 1)
    raise Unreadable(
        f"there is no group {name!r} (there are: {known})",
        hint=f"did you mean `{close[0]}`?" if close else "name one of these with `--group`",
    )


def asked(
    open_index: Callable[[], Index], members: Sequence[str], *, uploads: bool
) -> tuple[Index, dict[str, Served], Problem | None]:
    """Ask the index about each member; and whether it refuses a login that ``uploads``."""
    index = open_index()
    with ThreadPoolExecutor(8) as pool:
        refused = pool.submit(index.login_problem, members[0]) if uploads else None
        answers = dict(zip(members, pool.map(index.project, members), strict=True))
        return index, answers, refused.result() if refused else None


def _available(
    answers: Mapping[str, Served], version: str, before: Mapping[str, str]
) -> dict[str, Availability]:
    return {
        member: availability(answer, version, before.get(member))
        for member, answer in answers.items()
    }
