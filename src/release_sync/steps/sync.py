"""Step 10: create the tag here, and fast-forward the local branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.observed import Observed
from release_sync.steps.seal import forget
from release_sync.steps.step import Known, Learned

if TYPE_CHECKING:
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Sync:
    """Create the tag here, fast-forward the branch, drop the pending ref and the artifacts.

    A release that is not ``tagged`` landed without a tag, or its tag was there before. Its commit
    is on the branch where the landing ``pushed`` that.
    """

    branch: str
    tag: str
    tagged: bool = True
    pushed: bool = True
    title: str = "Synced"

    def describe(self) -> str:
        """Return what the step does, with the branch."""
        return f"fast-forward the local {self.branch}"

    def observe(self, world: World, known: Known) -> Observed:
        """Ask whether anything of the release is still kept here."""
        kept = world.git.local_ref(world.names.here(known.seal.group)) is not None
        if not self.tagged:
            return Observed.ABSENT if kept else Observed.EXACT
        tags = {one.oid: world.git.local_ref(world.names.tag(one.tag)) for one in known.seal.groups}
        if any(there not in {None, oid} for oid, there in tags.items()):
            return Observed.FOREIGN
        return Observed.ABSENT if kept or None in tags.values() else Observed.EXACT

    def perform(self, world: World, known: Known) -> Learned:
        """Create the tag, move the branch; the pending ref goes last, so a crash is seen again."""
        sealed = known.seal
        for one in sealed.groups if self.tagged else ():
            name = world.names.tag(one.tag)
            if one.oid != sealed.oid:
                world.git.fetch(name)
            world.git.set_local_ref(name, one.oid, world.git.local_ref(name))
        refs = known.refs or world.git.remote_refs() or {}
        branch = f"refs/heads/{self.branch}"
        if branch in refs:
            world.git.fetch(branch, refs[branch])
        tip = refs.get(branch, sealed.candidate if self.pushed else "")
        done = f"{self.tag}; {world.git.remote} could not be asked where {self.branch} is"
        if tip:
            done = world.git.fast_forward(self.branch, tip)
        forget(world, sealed.group)
        return Learned(done, known)

    def whose(self, world: World, known: Known) -> str:
        """Return the tag that is in the way."""
        for one in known.seal.groups:
            there = world.git.local_ref(world.names.tag(one.tag))
            if there not in {None, one.oid}:
                return f"this repository has another {one.tag}, at {(there or '')[:12]}"
        raise AssertionError(known)
