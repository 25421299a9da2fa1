"""Step 6: push the seal, an annotated tag that names the candidate and its artifacts.

This is also the lock: the pending ref is created by compare-and-swap, so of all machines one wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.errors import Lost, Problem, Refused, Unanswered, Waiting
from release_sync.seals.pending import Pending, Sealed
from release_sync.seals.tag_objects import write_seal
from release_sync.steps.observed import Observed
from release_sync.steps.remote_state import tag_moved, taken
from release_sync.steps.staging.unstage import unstage
from release_sync.steps.step import Known, Learned
from release_sync.steps.transitions import bring_about, sealing, withdrawing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Seal:
    """Make the seal, push it to the pending ref, and read it back."""

    subject: str
    draft: Sealed
    remote: str
    title: str = "Sealed"

    def describe(self) -> str:
        """Return what the step does, with the tag and the remote."""
        return f"seal {self.draft.name}, and make it pending on {self.remote}"

    def observe(self, world: World, known: Known) -> Observed:
        """Return whether somebody else's release is pending."""
        del known
        refs = world.git.remote_refs()
        if refs is None:
            return Observed.UNKNOWN
        held = any(world.names.pending(one.group) in refs for one in self.draft.groups)
        return Observed.FOREIGN if held else Observed.ABSENT

    def perform(self, world: World, known: Known) -> Learned:
        """Make the tag object, take the lock, read it back, and look once more."""
        made = replace(
            self.draft,
            candidate=known.candidate,
            artifacts=known.artifacts,
            environments=known.environments,
        )
        sealed = self._tagged(world, made)
        here = world.names.here(sealed.group)
        world.git.set_local_ref(here, sealed.oid, world.git.local_ref(here))
        try:
            bring_about(world.git, sealing(world.names, sealed, {}), hooks=True)
        except Refused as refused:
            forget(world, sealed.group)
            raise self._reason(world, sealed, refused) from refused
        except Unanswered as problem:
            raise self._unanswered(world, sealed, problem) from problem
        seen = world.beside(lambda _: world.index.look_up_each(known.ahead))
        refs = self._confirm(world, sealed)
        known = replace(known, sealed=sealed, seen=seen.result(), refs=refs)
        detail = f"{sealed.name} is pending on {self.remote}"
        return Learned(detail, known)

    def _tagged(self, world: World, made: Sealed) -> Sealed:
        """Make the tag object of each group: the seal last, for it lists the others."""

        def tag(one: Sealed) -> str:
            return world.workbench.make_tag(one.tag, one.candidate, write_seal(one, self.subject))

        others = tuple(replace(one, oid=tag(made.of_group(one))) for one in made.companions)
        made = replace(made, companions=others)
        return replace(made, oid=tag(made))

    def whose(self, world: World, known: Known) -> str:
        """Return what was in the way. Raises Waiting when somebody still holds the release."""
        del known
        world.store.clear()  # what was built here is of no release
        holder = self._holder(world)
        if holder:
            raise Waiting(holder, hint=HELD)
        return "another release was sealed and has just landed"

    def _reason(self, world: World, sealed: Sealed, refused: Refused) -> Problem:
        """Return why the seal was refused: somebody was first, or the remote takes no such ref."""
        holder = self._holder(world)
        if holder:
            return Waiting(holder, hint=HELD)
        moved = self._moved(world, sealed, world.git.remote_refs() or {})
        if moved:
            return Problem(f"{moved} while this release was made", hint=_AGAIN)
        return Refused(refused.message, hint=refused.hint or _NO_CUSTOM_REFS)

    def _unanswered(self, world: World, sealed: Sealed, problem: Unanswered) -> Problem:
        """Return what is known of a push that may still be carried out."""
        if world.git.remote_refs() is None:
            return Waiting(
                f"{self.remote} did not answer whether {sealed.name} is pending: {problem.message}",
                hint="run `release-sync status` when it does",
            )
        forget(world, sealed.group)
        return Problem(
            f"{sealed.name} is not pending on {self.remote}: {problem.message}",
            hint="nothing was uploaded: run `release-sync publish` again; should it appear after"
            " all, `release-sync abort` undoes it",
        )

    def _holder(self, world: World) -> str:
        refs = world.git.remote_refs() or {}
        for one in self.draft.groups:
            oid = refs.get(world.names.pending(one.group))
            if oid is not None:
                return held(world.git.read_pending(oid), self.remote)
        return ""

    def _confirm(self, world: World, sealed: Sealed) -> Mapping[str, str]:
        """Read the pending ref as others do, and refuse what moved before we held the lock."""
        refs = world.git.remote_refs()
        if refs is None:
            raise Waiting(
                f"{self.remote} could not be asked whether others see that {sealed.name} is"
                " pending",
                hint="run `release-sync resume` or `release-sync abort` when it answers",
            )
        there = refs.get(world.names.pending(sealed.group))
        if there is None:
            raise self._unseen(world, sealed)
        if there != sealed.oid:
            raise lost(world, sealed, there)
        moved = self._moved(world, sealed, refs)
        if moved:
            withdraw(world, sealed)
            raise Problem(f"{moved} while this release was made", hint=_AGAIN)
        return refs

    def _unseen(self, world: World, sealed: Sealed) -> Problem:
        """Undo what can't be read; only who can remove it knows that it was there."""
        pending = world.names.pending(sealed.group)
        try:
            world.git.push(withdrawing(world.names, Pending(sealed)))
        except Refused:
            forget(world, sealed.group)
            return Lost(f"{sealed.name} was undone by somebody else meanwhile", hint=_AGAIN)
        forget(world, sealed.group)
        return Problem(
            f"{pending} was pushed to {self.remote}, and can't be read there: the remote hides it,"
            " or is fetched from another address than it is pushed to",
            hint=f"{sealed.name} was undone, and nothing was uploaded; compare `git remote get-url"
            f" {self.remote}` with `git remote get-url --push {self.remote}`; where the remote"
            ' hides refs, set `waiting = "refs/heads/release-waits"` in [tool.release-sync]',
        )

    def _moved(self, world: World, sealed: Sealed, refs: Mapping[str, str]) -> str:
        names = world.names
        in_the_way = taken(names, sealed, refs) or tag_moved(names, sealed, refs)
        if in_the_way:
            return f"{in_the_way} on {self.remote}"
        branch = f"refs/heads/{sealed.branch}"
        tip = refs.get(branch)
        if tip is None:
            return ""
        world.git.fetch(branch, tip)
        if sealed.candidate == sealed.base or sealed.existing:  # others may go on on the branch
            is_there = world.git.is_ancestor(sealed.base, tip)
            return "" if is_there else f"{sealed.base[:7]} was taken off {sealed.branch}"
        if not world.git.is_ancestor(tip, sealed.candidate):
            return f"{sealed.branch} moved on {self.remote}"
        return ""


HELD = "wait for it; or run `release-sync resume` to finish it here"
"""What to do about a release that somebody else holds."""

_NO_CUSTOM_REFS = (
    "nothing was changed; if the remote takes no refs but branches and tags, set"
    ' `waiting = "refs/heads/release-waits"` in [tool.release-sync]'
)
_AGAIN = "nothing was published and nothing is left behind: run `release-sync publish` again"


def held(pending: Pending, remote: str) -> str:
    """Return which release is pending on a remote, and who holds it."""
    name = pending.sealed.name
    return f"{name} is pending on {remote}: {pending.who} holds the release"


def lost(world: World, sealed: Sealed, there: str) -> Problem:
    """Return what became of a release whose pending ref is ``there`` now, and not ours."""
    pending = world.git.read_pending(there)
    if pending.sealed.oid == sealed.oid:
        return Waiting(
            f"{sealed.name} was taken over: {pending.who} goes on with it",
            hint="wait for it; or run `release-sync resume` to finish it here",
        )
    forget(world, sealed.group)
    return Lost(
        f"{sealed.name} was undone by somebody else, and {held(pending, world.git.remote)}",
        hint="run `release-sync status` to see what is where",
    )


def withdraw(world: World, sealed: Sealed) -> None:
    """Remove the pending ref if it still is this seal, and forget the release here."""
    refs = world.git.remote_refs() if sealed.companions else None
    bring_about(world.git, withdrawing(world.names, Pending(sealed), refs))
    unstage(world, sealed)
    forget(world, sealed.group)


def forget(world: World, group: str) -> None:
    """Remove what this repository keeps of a release that is over."""
    world.store.clear()
    here = world.names.here(group)
    world.git.set_local_ref(here, None, world.git.local_ref(here))
