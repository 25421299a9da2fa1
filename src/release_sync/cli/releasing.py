"""What the release commands share: look, plan, run, and say what is left."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from release_sync.cli.events_json import JsonLines
from release_sync.cli.screen import Screen
from release_sync.effects.lock import locked
from release_sync.errors import Problem, Several
from release_sync.plan.draft import draft
from release_sync.plan.preflight import problems, standing
from release_sync.plan.release import Release, draw_up, resumed, steps, with_lock
from release_sync.plan.standing import Standing, stand
from release_sync.run.executor import run
from release_sync.run.survey import choose_group, position, survey
from release_sync.run.undoing import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.site import Site
    from release_sync.plan.facts import Request
    from release_sync.run.events import Listener
    from release_sync.steps.artifact import Sealed
    from release_sync.steps.world import World


@dataclass(frozen=True, slots=True)
class Found:
    """What waits for a group: the seal, and how it stands."""

    group: str
    standing: Standing
    sealed: Sealed | None = None


Teller = Screen | JsonLines
"""A listener that can show a plan too."""


def teller(*, as_json: bool) -> Teller:
    """Choose how a run is told: on the screen, or as JSON lines on stdout."""
    return JsonLines() if as_json else Screen()


def look(site: Site, request: Request) -> tuple[Release, tuple[Problem, ...]]:
    """Plan a release, and find every reason against it. Raises Problem if there is no plan."""
    configuration = site.workspace.configuration
    seen = position(site.repository, configuration.branch)
    early = standing(seen, configuration.branch, configuration.remote)
    try:
        facts = survey(request, seen, site.source, site.repository, site.index, site.troubles)
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


def find(site: Site, group_name: str) -> Found:
    """Find what waits for a group. Raises Unanswered when the remote can't be asked."""
    group = choose_group(site.workspace, group_name).name
    repository = site.repository
    here = repository.local_ref(site.waiting(group))
    if not repository.has_remote() and here is None:
        return Found(group, Standing.FREE)
    refs = repository.ask_remote()
    there = refs.get(site.waiting_there(group))
    oid = there or here
    sealed = None if oid is None else repository.read_tag(oid)
    landed = None if sealed is None else refs.get(f"refs/tags/{sealed.tag}")
    return Found(group, stand(here, there, landed), sealed)


def settled(site: Site, found: Found) -> Found:
    """Return what waits once a stale seal is either forgotten or ours again."""
    if found.sealed is None:
        return found
    world = replace(site.released_to(found.sealed.index).world(found.group), sealed=found.sealed)
    standing = settle(world, found.standing)
    over = standing in (Standing.FREE, Standing.OVER)
    return Found(found.group, standing, None if over else found.sealed)


@contextmanager
def alone(site: Site) -> Iterator[None]:
    """Hold the lock of the repository, and clear away what dead runs left."""
    with locked(site.folder):
        site.sweep()
        yield


def begin(release: Release, site: Site, tell: Listener, count: int | None = None) -> None:
    """Run a new release; ``count`` is how many of the steps, None for all."""
    world = site.world(release.draft.group)
    with _closing(world):
        run(steps(release)[:count], world, tell)


def finish(sealed: Sealed, site: Site, tell: Listener, land: str = "") -> None:
    """Run what is left of a sealed release; ``land`` overrides how the configuration lands it."""
    world = replace(site.released_to(sealed.index).world(sealed.group), sealed=sealed)
    repository = site.repository
    repository.set_local_ref(world.waiting, sealed.oid, repository.local_ref(world.waiting))
    repository.fetch_commit(sealed.candidate)
    members = draft((), site.source.workspace(sealed.candidate), (), sealed.members).expected
    way = land or site.workspace.configuration.land
    with _closing(world):
        remaining = steps(resumed(sealed, repository.remote, members, way))
        run(remaining, world, tell, withdraw_refused=False)


@contextmanager
def _closing(world: World) -> Iterator[None]:
    """Clear the workbench away at the end, and say what an interruption leaves."""
    try:
        yield
    except KeyboardInterrupt:
        if world.sealed is not None:
            click.echo(f"hint: {world.sealed.tag} waits: run `release-sync resume`", err=True)
        raise
    finally:
        world.workbench.close()
