"""Taking a release back, which can be done until the first file is on the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem, Waiting
from release_sync.plan.standing import Standing
from release_sync.steps.seal import forget, withdraw
from release_sync.steps.step import seal_of
from release_sync.steps.upload import sealed_artifacts
from release_sync.steps.world import Observed, Update

if TYPE_CHECKING:
    from release_sync.steps.artifact import Artifact
    from release_sync.steps.world import World


def uploaded(world: World) -> Observed:
    """Tell whether anything of the sealed release is on the index.

    ``ABSENT``: proved that nothing is. ``EXACT``: at least one file is. ``FOREIGN``: somebody
    else's files are there, and none of ours. ``UNKNOWN``: could not be asked, so nothing is proved.
    """
    answers = [world.index.look_up(one) for one in sealed_artifacts(world)]
    gravity = (Observed.EXACT, Observed.UNKNOWN, Observed.FOREIGN)
    return next((one for one in gravity if one in answers), Observed.ABSENT)


def abandon(world: World, abandoned: str) -> tuple[Artifact, ...]:
    """Give the version up: free the lock, and remember on the remote that it is burned.

    ``abandoned`` is the ref that remembers it. Returns the artifacts that stay on the index.
    Raises Waiting, and changes nothing, when the index can't be asked.
    """
    sealed = seal_of(world)
    answers = {one: world.index.look_up(one) for one in sealed_artifacts(world)}
    if Observed.UNKNOWN in answers.values():
        raise Waiting(
            f"{world.index.name} could not be asked what of {sealed.tag} is there",
            hint="run `release-sync abort --abandon` again when it answers",
        )
    world.git.push(
        [Update(abandoned, sealed.oid, None), Update(world.waiting_there, None, sealed.oid)]
    )
    forget(world)
    return tuple(one for one, seen in answers.items() if seen is Observed.EXACT)


def settle(world: World, standing: Standing) -> Standing:
    """Judge, and forget a seal that is over.

    Returns what ``judged`` does, and raises what it raises.
    """
    found = judged(world, standing)
    if found is not standing and found in (Standing.FREE, Standing.OVER):
        forget(world)
    return found


def judged(world: World, standing: Standing) -> Standing:
    """Decide whether a seal that is here and not on the remote is over, or has lost its lock.

    Nothing of it published: the way is ``FREE``. The same files landed from elsewhere: it is
    ``OVER``. Something published: the release goes on, as ``OURS``. Any other standing stays what
    it is. Raises Waiting when the index can't be asked, and Problem when another tag is in the way.
    """
    if standing is not Standing.STALE:
        return standing
    seen = uploaded(world)
    if seen is Observed.UNKNOWN:
        raise Waiting(
            f"{world.index.name} could not be asked whether anything of {seal_of(world).tag} is"
            " there, a release that is sealed here and not on the remote",
            hint="run the same again when it answers",
        )
    if seen is not Observed.EXACT:
        return Standing.FREE
    return Standing.OVER if _landed_from_elsewhere(world) else Standing.OURS


def _landed_from_elsewhere(world: World) -> bool:
    """Tell whether the remote has another seal of the same files under this one's name.

    Backends that write no time into what they build make the same bytes on every machine.
    """
    sealed = seal_of(world)
    there = (world.git.remote_refs() or {}).get(f"refs/tags/{sealed.tag}")
    if there is None:
        return False
    if set(world.git.read_tag(there).artifacts) == set(sealed.artifacts):
        return True
    raise Problem(
        f"the remote has another {sealed.tag}, at {there[:12]}, and {world.index.name} serves files"
        " of the one that is sealed here",
        hint=f"see with `release-sync verify {sealed.tag}` whose files they are;"
        f" `git update-ref -d {world.waiting}` forgets the one that is sealed here",
    )


def undo(world: World) -> None:
    """Withdraw the sealed release, here and on the remote.

    Raises Waiting, and changes nothing, when a file of it is on the index, or may be.
    """
    sealed = seal_of(world)
    seen = uploaded(world)
    if seen is Observed.EXACT:
        raise Waiting(
            f"{sealed.tag} can't be undone: files of it are on {world.index.name}",
            hint="run `release-sync resume` to finish it, or `release-sync abort --abandon` to give"
            " the version up",
        )
    if seen is Observed.UNKNOWN:
        raise Waiting(
            f"{world.index.name} could not be asked whether anything of {sealed.tag} is there,"
            " so nothing was undone",
            hint="run `release-sync abort` again when it answers",
        )
    withdraw(world)
