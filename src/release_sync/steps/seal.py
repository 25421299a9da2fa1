"""Step 6: the annotated tag that names the candidate and its artifacts, pushed to wait.

This is also the lock: the waiting ref is created by compare-and-swap, so of all machines one wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Waiting
from release_sync.steps.artifact import Sealed, write
from release_sync.steps.step import seal_of
from release_sync.steps.world import Observed, Update, World

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Seal:
    """Make the seal and push it to the waiting ref."""

    subject: str
    draft: Sealed
    remote: str
    title: str = "Sealed"

    def describe(self) -> str:
        """Name the tag and the remote."""
        return f"seal {self.draft.tag}, to wait on {self.remote}"

    def observe(self, world: World) -> Observed:
        """Look for our seal on the remote: waiting, or landed already."""
        refs = world.git.remote_refs()
        if refs is None:
            return Observed.UNKNOWN
        waiting = refs.get(world.waiting_there)
        ours = None if world.sealed is None else world.sealed.oid
        if waiting is not None:
            return Observed.EXACT if waiting == ours else Observed.FOREIGN
        landed = refs.get(f"refs/tags/{self.draft.tag}")
        return Observed.EXACT if landed is not None and landed == ours else Observed.ABSENT

    def perform(self, world: World) -> str:
        """Make the tag object, take the lock, and look once more now that we hold it."""
        if world.sealed is not None:
            return self._take_again(world)
        bench = world.workbench
        sealed = replace(self.draft, candidate=bench.candidate, artifacts=bench.artifacts)
        oid = bench.make_tag(sealed.tag, write(sealed, self.subject))
        world.git.set_local_ref(world.waiting, oid, world.git.local_ref(world.waiting))
        world.sealed = replace(sealed, oid=oid)
        try:
            world.git.push([Update(world.waiting_there, oid, None)], hooks=True)
        except Refused as refused:
            reason = self._reason(world, refused)
            forget(world)
            raise reason from refused
        self._confirm(world)
        return f"{sealed.tag} waits on {self.remote}"

    def whose(self, world: World) -> str:
        """Say what was in the way. Raises Waiting when somebody still holds the release."""
        holder = self._holder(world)
        if holder:
            raise Waiting(holder, hint=HELD)
        return "another release was sealed and has just landed"

    def _reason(self, world: World, refused: Refused) -> Problem:
        """Say why the seal was not taken: somebody was first, or the remote takes no such ref."""
        holder = self._holder(world)
        if holder:
            return Waiting(holder, hint=HELD)
        moved = self._moved(world, world.git.remote_refs() or {})
        if moved:
            return Problem(f"{moved} while this release was made", hint=_AGAIN)
        return Refused(refused.message, hint=refused.hint or _NO_CUSTOM_REFS)

    def _take_again(self, world: World) -> str:
        """Take the lock for a release that lost it after files of it were published."""
        world.git.push([Update(world.waiting_there, seal_of(world).oid, None)])
        return f"{self.draft.tag} waits on {self.remote} again"

    def _holder(self, world: World) -> str:
        refs = world.git.remote_refs() or {}
        oid = refs.get(world.waiting_there)
        return "" if oid is None else held(world.git.read_tag(oid), self.remote)

    def _confirm(self, world: World) -> None:
        """Refuse when the branch or the tag moved before we held the lock (a lost race)."""
        refs = world.git.remote_refs()
        if refs is None:
            return  # every later step asks for itself
        moved = self._moved(world, refs)
        if moved:
            withdraw(world)
            raise Problem(f"{moved} while this release was made", hint=_AGAIN)

    def _moved(self, world: World, refs: Mapping[str, str]) -> str:
        sealed = seal_of(world)
        if f"refs/tags/{sealed.tag}" in refs:
            return f"the tag {sealed.tag} appeared on {self.remote}"
        branch = f"refs/heads/{sealed.branch}"
        tip = refs.get(branch)
        if tip is None:
            return ""
        world.git.fetch(branch)
        if not world.git.is_ancestor(tip, sealed.candidate):
            return f"{sealed.branch} moved on {self.remote}"
        return ""


HELD = "wait for it; or run `release-sync resume` to finish it here, or `release-sync abort`"
"""What to do about a release that somebody else holds."""

_NO_CUSTOM_REFS = (
    "nothing was changed; if the remote takes no refs but branches and tags, set"
    ' `waiting = "refs/heads/release-waits"` in [tool.release-sync]'
)
_AGAIN = "nothing was published and nothing is left behind: run `release-sync publish` again"


def held(sealed: Sealed, remote: str) -> str:
    """Say which release waits on a remote, and who made it."""
    return f"{sealed.tag} waits on {remote}: {sealed.holder or 'somebody'} holds the release"


def withdraw(world: World) -> None:
    """Take the waiting ref back, if it still is ours, and forget the release here."""
    world.git.push([Update(world.waiting_there, None, seal_of(world).oid)])
    forget(world)


def forget(world: World) -> None:
    """Remove what this repository keeps of a release that is over."""
    world.store.clear()
    world.git.set_local_ref(world.waiting, None, world.git.local_ref(world.waiting))
    world.sealed = None
