"""What waits, before anything is begun: whose it is, and whether it is what was asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from packaging.version import Version

from release_sync.errors import Problem, Waiting
from release_sync.plan.standing import Standing, stand
from release_sync.plan.version import chosen
from release_sync.run.survey import choose_group, position
from release_sync.run.undoing import judged, settle
from release_sync.steps.seal import HELD, held

if TYPE_CHECKING:
    from release_sync.effects.site import Site
    from release_sync.plan.facts import Position, Request
    from release_sync.steps.artifact import Sealed
    from release_sync.steps.world import World


@dataclass(frozen=True, slots=True)
class Found:
    """What waits for a group: the seal, and how it stands."""

    group: str
    standing: Standing
    sealed: Sealed | None = None


def arrive(site: Site) -> tuple[Site, Position]:
    """See where the repository stands; where it is behind, the workspace is its upstream's."""
    branch = site.workspace.configuration.branch
    seen = position(site.repository, branch)
    if seen.base == seen.head:
        return site, seen
    there = site.at(seen.base)
    return there, position(there.repository, branch)  # its waiting refs may be others


def find(site: Site, seen: Position, group_name: str) -> Found:
    """Find what waits for a group.

    Raises Problem when the remote could not be asked: Waiting, when something waits here.
    """
    group = choose_group(site.workspace, group_name).name
    here = site.repository.local_ref(site.waiting(group))
    if seen.refs is None:
        raise _unasked(site, seen, waits=here is not None)
    there = seen.refs.get(site.waiting_there(group))
    oid = there or here
    if oid is None:
        return Found(group, Standing.FREE)
    sealed = site.repository.read_tag(oid)
    if sealed.group != group:
        raise Waiting(f"{sealed.tag} of {sealed.group} waits where releases of {group} do")
    landed = seen.refs.get(f"refs/tags/{sealed.tag}")
    return Found(group, stand(here, there, landed), sealed)


def settled(site: Site, found: Found, *, look_only: bool = False) -> Found:
    """Return what waits once a stale seal is either over or ours again; it is then forgotten.

    With ``look_only`` nothing is forgotten.
    """
    if found.sealed is None:
        return found
    decide = judged if look_only else settle
    standing = decide(sealed_world(site, found.sealed), found.standing)
    over = standing in (Standing.FREE, Standing.OVER)
    return Found(found.group, standing, None if over else found.sealed)


def sealed_world(site: Site, sealed: Sealed) -> World:
    """Return the world of a release that is sealed, with the index that it was sealed for."""
    return replace(site.released_to(sealed.index).world(sealed.group), sealed=sealed)


def _unasked(site: Site, seen: Position, *, waits: bool) -> Problem:
    problem = seen.remote_problem or Problem(f"{site.repository.remote} could not be asked")
    hint = problem.hint or "see `git remote -v`, and try again when it answers"
    if not waits:
        return Problem(problem.message, hint=hint)
    remote = site.repository.remote
    return Waiting(
        f"a release waits here, and {remote} could not be asked: {problem.message}", hint=hint
    )


def ours(site: Site, seen: Position, request: Request, *, look_only: bool = False) -> Found:
    """Find what a release would have to finish first.

    Raises Waiting when somebody else's release waits, or ours and it is not what was asked for.
    """
    group = choose_group(site.workspace, request.group).name
    if seen.refs is None and site.repository.local_ref(site.waiting(group)) is None:
        return Found(group, Standing.FREE)  # the survey says why it can't be begun
    found = find(site, seen, group)
    if found.sealed is None:
        return found
    if found.standing is Standing.HELD:
        raise Waiting(held(found.sealed, site.repository.remote), hint=HELD)
    found = settled(site, found, look_only=look_only)
    if found.sealed is not None and found.standing is not Standing.LANDED:
        others = differences(site, found.sealed, request)
        if others:
            raise Waiting(
                f"{found.sealed.tag} waits for {found.sealed.index},"
                f" and {' on '.join(others)} was asked for",
                hint="run `release-sync resume` or `release-sync abort` first",
            )
    return found


def differences(site: Site, sealed: Sealed, request: Request) -> list[str]:
    """Return what was asked for by name and is not what is sealed: a version, an index."""
    wanted = request.version
    if request.levels:
        site.repository.fetch_commit(sealed.base)
        before = choose_group(site.source.workspace(sealed.base), sealed.group).version
        wanted = chosen(before, request.levels, None)
    others = []
    if wanted is not None and Version(wanted) != Version(sealed.version):
        others.append(wanted)
    if request.index not in ("", sealed.index):
        others.append(f"the index {request.index}")
    return others
