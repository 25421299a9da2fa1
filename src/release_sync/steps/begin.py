"""Step 7: write on the remote that the upload begins, before the first byte is sent.

What was sent and is not served yet can't be seen. So the point of no return is not read off the
index afterwards: as long as the pending ref is a seal, nothing was sent, and anybody may undo it;
once it is a claim, only forward.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.errors import Lost, Problem, Refused, Unanswered, Waiting
from release_sync.seals.pending import Claim, Pending, Sealed
from release_sync.steps.observed import Observed
from release_sync.steps.remote_state import is_abandoned, over, tag_moved
from release_sync.steps.seal import forget, lost
from release_sync.steps.step import Known, Learned
from release_sync.steps.transitions import bring_about, claiming, withdrawing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.steps.ports.world import World


OWN_SEAL = ""
"""In place of an object name: the seal that this very run has made."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Replace the seal by a claim, by compare-and-swap.

    ``before`` is what the claim replaces: a seal, another claim, or nothing (None), where somebody
    deleted the pending ref after this clone had a claim. ``again`` is whether it is no seal.
    """

    tag: str
    before: str | None = OWN_SEAL
    again: bool = False
    title: str = "Begun"

    def describe(self) -> str:
        """Return what the step does, and what can't be done after it."""
        if self.again:
            return f"take up the upload of {self.tag} again, where it stopped"
        return f"begin the upload of {self.tag}, which can't be undone any more then"

    def observe(self, world: World, known: Known) -> Observed:
        """Compare the pending ref with what it was when this was decided."""
        refs = world.git.remote_refs()
        if refs is None:
            return Observed.UNKNOWN
        there = refs.get(world.names.pending(known.seal.group))
        return Observed.ABSENT if there == self._before(known.seal) else Observed.FOREIGN

    def perform(self, world: World, known: Known) -> Learned:
        """Make a claim, swap it in, and look once more now that this process holds the release."""
        sealed = known.seal
        before = self._before(sealed)
        replaced = None if before == sealed.oid else before
        claim = Claim(world.git.make_claim(sealed.oid, sealed.tag, replaced), sealed.oid)
        try:
            refs = world.git.remote_refs() or {} if sealed.companions else {}
            _refuse_beside(world, sealed, refs)
            bring_about(world.git, claiming(world.names, sealed, before, claim.oid, refs))
        except Refused as refused:
            raise self._gone(world, sealed) or refused from refused
        except Unanswered as problem:
            raise Waiting(
                f"{world.git.remote} did not answer whether the upload of {sealed.name} may begin:"
                f" {problem.message}",
                hint="nothing was sent; run `release-sync resume` when it answers",
            ) from problem
        # Only now: a claim that is remembered here and never was on the remote would be taken for
        # one that somebody deleted there, and an undone release would come back.
        here = world.names.here(sealed.group)
        world.git.set_local_ref(here, claim.oid, world.git.local_ref(here))
        if before != sealed.oid:
            _look_again(world, sealed, claim)
        how = " again, where it stopped" if self.again else "; from now on it can only be finished"
        detail = f"the upload of {sealed.name}{how}"
        known = replace(known, claim=claim, untouched=before == sealed.oid)
        return Learned(detail, replace(known, refs=self._refs(world, known)))

    def _refs(self, world: World, known: Known) -> Mapping[str, str] | None:
        """Return the remote's refs, if nothing but the push itself can have changed in them.

        A seal that is replaced is of a release that nobody has given up, and nothing else matters
        before the first file; unless there are refs beside it that must be what they were.
        """
        sealed = known.seal
        if known.refs is None or not known.untouched or sealed.existing or sealed.companions:
            return None
        return {**known.refs, world.names.pending(sealed.group): known.held.oid}

    def whose(self, world: World, known: Known) -> str:
        """Raise what became of the release."""
        raise self._gone(world, known.seal) or Lost(f"{self.tag} was moved meanwhile", hint=_LOOK)

    def _before(self, sealed: Sealed) -> str | None:
        return sealed.oid if self.before == OWN_SEAL else self.before

    def _gone(self, world: World, sealed: Sealed) -> Problem | None:
        """Return what became of the release; None where nothing has changed."""
        refs = world.git.remote_refs()
        if refs is None:
            return Waiting(
                f"{world.git.remote} could not be asked who holds {sealed.name}",
                hint="nothing was sent; run `release-sync resume` when it answers",
            )
        there = refs.get(world.names.pending(sealed.group))
        if there is not None:
            return None if there == self._before(sealed) else lost(world, sealed, there)
        why = over(world.git, world.names, sealed, refs)
        if not why and self._before(sealed) != sealed.oid:
            ref = world.names.pending(sealed.group)
            return Lost(
                f"{ref} was deleted on {world.git.remote} meanwhile; nothing was sent from here",
                hint="run `release-sync resume` where the upload was begun: it is made again there",
            )
        forget(world, sealed.group)
        what = why or f"{sealed.name} was undone by somebody else"
        return Lost(f"{what} meanwhile; nothing was sent from here", hint=_LOOK)


def _look_again(world: World, sealed: Sealed, claim: Claim) -> None:
    """Remove the claim on a release that had landed or was given up before it was taken over."""
    refs = world.git.remote_refs()
    why = "" if refs is None else over(world.git, world.names, sealed, refs)
    if why:
        bring_about(world.git, withdrawing(world.names, Pending(sealed, claim), refs))
        forget(world, sealed.group)
        raise Lost(f"{why}, so nothing is left to be uploaded", hint=_LOOK)


def hold(world: World, known: Known) -> None:
    """Check, before each process that uploads, that this one still holds the release.

    Raises Waiting when somebody took it over, Lost when it is over or its ref is gone, Unanswered
    when the remote can't be asked; and before the first file Refused, when the tag that was there
    before is not what it was.
    """
    sealed = known.seal
    refs = world.git.remote_refs() if known.refs is None else known.refs
    if refs is None:
        raise Unanswered(
            f"{world.git.remote} could not be asked whether {sealed.name} is still ours to upload",
            hint="nothing more was sent: try again when it answers",
        )
    there = refs.get(world.names.pending(sealed.group))
    if is_abandoned(world.names, sealed, refs) or there is None:
        raise ended(world, sealed, refs)
    if there != known.held.oid:
        raise lost(world, sealed, there)
    moved = tag_moved(world.names, sealed, refs) if known.untouched else ""
    if moved:
        raise Refused(f"{moved} on {world.git.remote}", hint="see who did that, and put it back")
    _refuse_beside(world, sealed, refs)
    for one in sealed.companions:
        if world.names.pending(one.group) not in refs:
            raise Waiting(
                f"{world.names.pending(one.group)} was deleted on {world.git.remote}",
                hint="run `release-sync resume` to make it pending again and go on",
            )


def _refuse_beside(world: World, sealed: Sealed, refs: Mapping[str, str]) -> None:
    """Raise Waiting where one of the other groups is held by another release."""
    for one in sealed.companions:
        ref = world.names.pending(one.group)
        if refs.get(ref, one.oid) != one.oid:
            raise Waiting(
                f"{ref} on {world.git.remote} is of another release than {sealed.name}",
                hint=f"run `release-sync resume --group {one.group}` or `release-sync abort --group"
                f" {one.group}` first",
            )


def ended(world: World, sealed: Sealed, refs: Mapping[str, str]) -> Lost:
    """Return why nothing more is sent, and what is on the index already."""
    why = over(world.git, world.names, sealed, refs)
    seen = on_the_index(world, sealed)
    if why:
        forget(world, sealed.group)
        return Lost(f"{why} while it was uploaded here; {seen}", hint=_LOOK)
    return Lost(
        f"{world.names.pending(sealed.group)} was deleted on {world.git.remote} while {sealed.name}"
        f" was uploaded; {seen}",
        hint="run `release-sync resume` here to make it pending again and finish it",
    )


def on_the_index(world: World, sealed: Sealed) -> str:
    """Return which files of a release the index serves, in words."""
    answers = world.index.look_up_each(sealed.in_upload_order)
    there = [name for name, seen in answers.items() if seen is Observed.EXACT]
    name = world.index.name
    if there:
        return f"{name} has {len(there)} of its {len(answers)} files: {', '.join(there)}"
    if Observed.UNKNOWN in answers.values():
        return f"{name} could not be asked what of it is there"
    return f"{name} shows none of its {len(answers)} files at present"


_LOOK = "run `release-sync status` to see what is where"
