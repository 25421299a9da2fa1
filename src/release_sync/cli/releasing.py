"""What the release commands share: look, plan, run, and say what is left."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import git

from devclikit.ending import exit_code
from release_sync.cli.events_json import JsonLines
from release_sync.cli.screen import Screen
from release_sync.cli.waiting import sealed_world
from release_sync.effects.lock import UPLOADING, locked
from release_sync.effects.writing import unwritten
from release_sync.errors import Interrupted, Problem, Several, Waiting
from release_sync.plan.draft import draft
from release_sync.plan.preflight import problems, standing
from release_sync.plan.release import Release, draw_up, finishing, with_lock
from release_sync.run.executor import run
from release_sync.run.leaving import left_behind, waits
from release_sync.run.survey import survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.effects.site import Site
    from release_sync.plan.facts import Position, Request
    from release_sync.run.events import Listener
    from release_sync.steps.artifact import Sealed
    from release_sync.steps.step import Step
    from release_sync.steps.world import World

Teller = Screen | JsonLines
"""A listener that can show a plan too."""


def teller(*, as_json: bool) -> Teller:
    """Choose how a run is told: on the screen, or as JSON lines on stdout."""
    return JsonLines() if as_json else Screen()


def look(
    site: Site, seen: Position, request: Request, *, uploads: bool = True
) -> tuple[Release, tuple[Problem, ...]]:
    """Plan a release, and find every reason against it. Raises Problem if there is no plan.

    One that does not upload needs no credentials.
    """
    troubles = partial(site.troubles, uploads=uploads)
    configuration = site.workspace.configuration
    early = standing(seen, configuration.branch, configuration.remote)
    try:
        facts = survey(request, seen, site.source, site.repository, site.index, troubles)
        against = problems(facts)
        release = draw_up(facts)
        return release if against else relocked(site, release), against
    except Problem as problem:
        raise (Several((*early, problem)) if early else problem) from problem


def relocked(site: Site, release: Release) -> Release:
    """Have uv lock anew where an edit of the versions alone would not make ``uv.lock`` right."""
    if release.lock is None:
        return release
    files = {edit.path: edit.after for edit in release.edits}
    content = site.relocked(release.draft.base, files)
    return release if content is None else with_lock(release, content)


@contextmanager
def alone(site: Site) -> Iterator[None]:
    """Hold the lock of the repository, and clear away what dead runs left."""
    with locked(site.folder):
        site.uv.uploads = site.folder / UPLOADING
        site.sweep()
        yield


def begin(group: str, work: Sequence[Step], site: Site, tell: Listener) -> None:
    """Run the steps of a new release."""
    world = site.world(group)
    with _closing(world):
        run(work, world, tell)


def finish(sealed: Sealed, site: Site, tell: Listener, land: str = "") -> None:
    """Run what is left of a sealed release; ``land`` overrides how the configuration lands it."""
    repository = site.repository
    nobody = repository.identity_problem()
    if nobody is not None:
        raise Waiting(f"{sealed.tag} waits: {nobody.message}", hint=nobody.hint)
    world = sealed_world(site, sealed)
    repository.set_local_ref(world.waiting, sealed.oid, repository.local_ref(world.waiting))
    with _closing(world):
        run(left(sealed, site, land), world, tell, withdraw_refused=False)


def left(sealed: Sealed, site: Site, land: str = "") -> tuple[Step, ...]:
    """Return the steps that may be left of a sealed release."""
    site.repository.fetch_commit(sealed.candidate)
    workspace = site.source.workspace(sealed.candidate)
    members = draft((), workspace, (), sealed.members, sealed.version).expected
    way = land or site.workspace.configuration.land
    return finishing(sealed, site.repository.remote, members, way)


@contextmanager
def _closing(world: World) -> Iterator[None]:
    """Clear the workbench away at the end, and then say what an interruption leaves."""
    try:
        try:
            yield
        finally:
            world.workbench.close()
    except KeyboardInterrupt as stop:
        raise Interrupted(left_behind(world), exit_code(stop)) from stop
    except (OSError, git.GitCommandError) as error:
        problem = unwritten(error)
        if problem is None:
            raise
        if waits(world) is False:
            raise problem from error
        raise Waiting(problem.message, hint=f"{problem.hint}; {left_behind(world)}") from error
