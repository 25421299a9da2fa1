"""What waits, before anything is begun: whose it is, and whether it is what was asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from packaging.version import Version

from release_sync.errors import Unanswered, Waiting
from release_sync.plan.standing import Standing, stand
from release_sync.plan.version import chosen
from release_sync.run.survey import choose_group
from release_sync.run.undoing import judged, settle
from release_sync.steps.seal import HELD, held

if TYPE_CHECKING:
    from release_sync.effects.site import Site
    from release_sync.plan.facts import Request
    from release_sync.steps.artifact import Sealed
    from release_sync.steps.world import World


@dataclass(frozen=True, slots=True)
class Found:
    """What waits for a group: the seal, and how it stands."""

    group: str
    standing: Standing
    sealed: Sealed | None = None


def find(site: Site, group_name: str) -> Found:
    """Find what waits for a group. Raises Unanswered when the remote can't be asked."""
    group = choose_group(site.workspace, group_name).name
    repository = site.repository
    here = repository.local_ref(site.waiting(group))
    if not repository.has_remote() and here is None:
        return Found(group, Standing.FREE)
    try:
        refs = repository.ask_remote()
    except Unanswered:
        if here is not None:
            raise
        return Found(group, Standing.FREE)  # who begins a release asks again, and says why
    there = refs.get(site.waiting_there(group))
    oid = there or here
    sealed = None if oid is None else repository.read_tag(oid)
    landed = None if sealed is None else refs.get(f"refs/tags/{sealed.tag}")
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


def ours(site: Site, request: Request, *, look_only: bool = False) -> Found:
    """Find what a release would have to finish first.

    Raises Waiting when somebody else's release waits, or ours and it is not what was asked for.
    """
    found = find(site, request.group)
    if found.sealed is None:
        return found
    if found.standing is Standing.HELD:
        raise Waiting(held(found.sealed, site.repository.remote), hint=HELD)
    found = settled(site, found, look_only=look_only)
    if found.sealed is not None:
        _as_asked(site, found.sealed, request)
    return found


def _as_asked(site: Site, sealed: Sealed, request: Request) -> None:
    """Raise Waiting when another version or another index was asked for by name."""
    wanted = request.version
    if request.levels:
        site.repository.fetch_commit(sealed.base)
        before = choose_group(site.source.workspace(sealed.base), sealed.group).version
        wanted = chosen(before, request.levels, None)
    others = [
        asked
        for asked, differs in (
            (wanted, wanted is not None and Version(wanted) != Version(sealed.version)),
            (f"the index {request.index}", request.index not in ("", sealed.index)),
        )
        if differs
    ]
    if others:
        raise Waiting(
            f"{sealed.tag} waits for {sealed.index}, and {' on '.join(map(str, others))} was asked"
            " for",
            hint="run `release-sync resume` or `release-sync abort` first",
        )
