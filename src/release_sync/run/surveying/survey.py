"""The survey before a plan: every fact, and every problem, gathered once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING

from release_sync.plan.availability import Availability, availability
from release_sync.plan.draft import draft
from release_sync.plan.facts import Draft, Facts, Request
from release_sync.plan.preflight import is_released
from release_sync.run.before.fragments import with_fragments
from release_sync.run.before.groups import choose_groups
from release_sync.run.before.needs import needs
from release_sync.run.before.situation import situation
from release_sync.run.before.versions import versions
from release_sync.run.own.planning import ask_own, with_own_edits
from release_sync.run.released import missing, served_before, strangers
from release_sync.run.surveying.in_the_way import answers_of, in_the_way, of_locks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from release_sync.errors import Problem
    from release_sync.plan.facts import Position
    from release_sync.plan.group_version import GroupVersion
    from release_sync.run.context import Context, Index
    from release_sync.steps.uploading.served import Served
    from release_sync.workspace.model import Group, Workspace

A_MOMENT = 0.05
"""Seconds until what is asked meanwhile is ended, too: an answer may lead to one question more."""


def survey(context: Context, request: Request, seen: Position, *, uploads: bool = True) -> Facts:
    """Return the facts of a release; what does not upload needs no credentials. Raises Problem."""
    groups = choose_groups(workspace := context.source.workspace(seen.base), request)
    with _side_by_side(context) as pool:
        index = pool.submit(asked, context.index, _names(groups), uploads=uploads)
        around = [pool.submit(one) for one in in_the_way(context, seen, uploads=uploads)]
        every, to = _versions(context, request, seen, workspace, groups, _served(index))
        told = pool.submit(lambda: situation(context, seen, workspace, every, to, _served(index)()))
        old, found, both = drafted(context, seen.base, workspace, to, stamps=request.stamp)
        late = [*of_locks(context, seen, old, found), *needs(context, request, seen, both, to)]
        there, answers, refused = index.result()
    first, *others = to
    gone, alien = _shown_by_tags(context, seen, workspace, to, there.name, answers)
    return Facts(
        request=request,
        position=seen,
        base=seen.base,
        workspace=workspace,
        findings=old,
        group=first.group,
        previous=first.previous,
        version=first.version,
        tag=first.tag,
        index=there.name,
        draft=found,
        isolation=context.isolation,
        names=context.names,
        maker=context.version,
        served=_available(answers, to, gone),
        served_before=gone,
        pypi=there.is_pypi,
        trusted=uploads and there.is_trusted_publisher,
        strangers=alien,
        passed_over=first.passed_over,
        left=first.left,
        more_problems=_against(around, [*late, refused], there, to, uploads=uploads),
        strategy=context.strategy,
        situation=told.result(),
        others=tuple(others),
    )


@contextmanager
def _side_by_side(context: Context) -> Iterator[Executor]:
    """Yield what asks a few questions at once; who is interrupted leaves none of them behind."""
    with ThreadPoolExecutor(5) as pool:
        try:
            yield pool
        except KeyboardInterrupt:
            over = Thread(target=lambda: pool.shutdown(cancel_futures=True))
            over.start()
            while over.is_alive():
                context.stop()
                over.join(A_MOMENT)
            raise


def _versions(
    context: Context,
    request: Request,
    seen: Position,
    workspace: Workspace,
    groups: Sequence[Group],
    served: Callable[[], Mapping[str, Served]],
) -> tuple[Sequence[GroupVersion], Sequence[GroupVersion]]:
    """Return every group that was asked for, and those that are released.

    Of all groups these are the ones that are not released as they are, if there are such.
    """
    every = [versions(context, request, seen, workspace, one, served) for one in groups]

    def is_left_out(one: GroupVersion) -> bool:
        asked = request.of(one.group)
        goes_on = asked.version is not None or {*asked.levels} - {"none"}
        return not goes_on and is_released(workspace, seen, one)

    left = [one for one in every if not is_left_out(one)] if request.every else []
    return every, left or every


def _names(groups: Iterable[Group]) -> list[str]:
    return [name for group in groups for name in group.members]


def _against(
    around: Iterable[Future[Sequence[Problem | None]]],
    late: Sequence[Problem | None],
    index: Index,
    to: Iterable[GroupVersion],
    *,
    uploads: bool,
) -> tuple[Problem, ...]:
    """Return every problem: also with a login that is not for all that is uploaded with it."""
    names = [name for one in to for name in one.members]
    unfit = index.scope_problem(names) if uploads else None
    return tuple(filter(None, (*answers_of(around), *late, unfit)))


def _served(
    answer: Future[tuple[Index, dict[str, Served], Problem | None]],
) -> Callable[[], Mapping[str, Served]]:
    return lambda: answer.result()[1]


def _available(
    answers: Mapping[str, Served], to: Sequence[GroupVersion], before: Mapping[str, str]
) -> dict[str, Availability]:
    return {
        name: availability(answers[name], one.version, before.get(name))
        for one in to
        for name in one.members
    }


def _shown_by_tags(
    context: Context,
    seen: Position,
    workspace: Workspace,
    to: Sequence[GroupVersion],
    index: str,
    answers: Mapping[str, Served],
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what the release tags show: whom the index has served before, and strangers."""
    gone: dict[str, str] = {}
    alien: list[str] = []
    for one in to:
        tags = context.repository, workspace.tag(one.group), _known(context, seen)
        of_it = {name: answers[name] for name in one.members}
        gone |= served_before(*tags, index, missing(of_it))
        alien += strangers(*tags, of_it)
    return gone, tuple(sorted(alien))


def _known(context: Context, seen: Position) -> dict[str, str]:
    """Return every tag, here and there, and the seals beside them as if these were tags."""
    refs = seen.refs or {}
    return {**refs, **seen.tags, **context.names.beside(refs)}


def drafted(
    context: Context,
    base: str,
    workspace: Workspace,
    to: Sequence[GroupVersion],
    *,
    stamps: bool = False,
) -> tuple[tuple[str, ...], Draft, tuple[Workspace, Workspace]]:
    """Return what is found before the edits of a release; these; the workspace without, and with.

    ``workspace`` is the one at the base. Nothing is found before what ``stamps``: it may fix that.
    """
    source = context.source
    every = {name: one.version for one in to for name in workspace.group(one.group).every}
    edits, edited, findings = source.edited(base, every)
    released = {name: one.version for one in to for name in one.members}
    found = draft(edits, edited, findings, released)
    kept = {one.group: source.kept(base, one.group) for one in to}
    before = () if stamps else source.findings(base)
    found = replace(found, changelogs=kept)
    if not (before or found.findings or context.isolation.problem):  # else it is refused anyway
        ask_own(context, base, workspace, to)
        found = with_fragments(context, base, found, to)
        found = with_own_edits(context, base, workspace, found, to)
    return before, found, (workspace, edited)


def asked(
    open_index: Callable[[], Index], members: Sequence[str], *, uploads: bool
) -> tuple[Index, dict[str, Served], Problem | None]:
    """Ask the index about each member; and whether it refuses a login that ``uploads``."""
    index = open_index()
    with ThreadPoolExecutor(8) as pool:
        refused = pool.submit(index.login_problem, members[0]) if uploads else None
        answers = dict(zip(members, pool.map(index.project, members), strict=True))
        return index, answers, refused.result() if refused else None
