"""Step 9: this repository learns what landed; the user's branch is fast-forwarded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.seal import forget
from release_sync.steps.step import seal_of
from release_sync.steps.world import Observed

if TYPE_CHECKING:
    from release_sync.steps.world import World


@dataclass(frozen=True, slots=True)
class Sync:
    """Create the tag here, fast-forward the branch, drop the waiting ref and the artifacts."""

    branch: str
    tag: str
    title: str = "Synced"

    def describe(self) -> str:
        """Name the branch."""
        return f"fast-forward the local {self.branch}"

    def observe(self, world: World) -> Observed:
        """Ask whether anything of the release is still kept here."""
        tagged = world.git.local_ref(f"refs/tags/{self.tag}")
        if tagged is not None and (world.sealed is None or tagged != world.sealed.oid):
            return Observed.FOREIGN
        waits = world.git.local_ref(world.waiting) is not None
        return Observed.ABSENT if waits or tagged is None else Observed.EXACT

    def perform(self, world: World) -> str:
        """Bring tag and branch here; the waiting ref goes last, so a crash is seen again."""
        sealed = seal_of(world)
        name = f"refs/tags/{self.tag}"
        world.git.set_local_ref(name, sealed.oid, world.git.local_ref(name))
        refs = world.git.remote_refs() or {}
        branch = f"refs/heads/{self.branch}"
        if branch in refs:
            world.git.fetch(branch)
        done = world.git.fast_forward(self.branch, refs.get(branch, sealed.candidate))
        forget(world)
        return done

    def whose(self, world: World) -> str:
        """Name the tag that is in the way."""
        there = world.git.local_ref(f"refs/tags/{self.tag}") or ""
        return f"this repository has another {self.tag}, at {there[:12]}"
