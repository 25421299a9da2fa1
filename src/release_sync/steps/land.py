"""Step 8: the one atomic push that moves the branch, creates the tag and frees the lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Unanswered
from release_sync.steps.step import seal_of
from release_sync.steps.world import Observed, Update, World

if TYPE_CHECKING:
    from collections.abc import Mapping

TRIES = 5
"""How often a landing is tried again because the branch moved in between."""


@dataclass(frozen=True, slots=True)
class Land:
    """Push branch and tag; if the branch moved meanwhile, merge: the tagged commit stays."""

    branch: str
    tag: str
    remote: str
    title: str = "Landed"

    def describe(self) -> str:
        """Name the refs."""
        return f"push {self.branch} and {self.tag} to {self.remote}, as one act"

    def observe(self, world: World) -> Observed:
        """Look at the tag, which is proof enough, for the push is atomic."""
        refs = world.git.remote_refs()
        if refs is None:
            return Observed.UNKNOWN
        there = refs.get(f"refs/tags/{self.tag}")
        if there is None:
            return Observed.ABSENT
        ours = world.sealed is not None and there == world.sealed.oid
        return Observed.EXACT if ours else Observed.FOREIGN

    def perform(self, world: World) -> str:
        """Push, and when the branch moved, merge and push again."""
        for _ in range(TRIES):
            refs = self._refs(world)
            tip = refs.get(f"refs/heads/{self.branch}")
            target = self._target(world, tip)
            try:
                world.git.push(self._updates(world, tip, target))
            except Refused as refused:
                if self._refs(world).get(f"refs/heads/{self.branch}") == tip:
                    raise self._left(refused) from refused
                continue
            merged = "" if target == seal_of(world).candidate else ", merged into what was pushed"
            return f"{self.branch} and {self.tag} pushed to {self.remote}{merged}"
        raise Problem(
            f"{self.branch} on {self.remote} moved {TRIES} times while it was to be landed",
            hint="run `release-sync resume`",
        )

    def whose(self, world: World) -> str:
        """Name the tag."""
        there = (world.git.remote_refs() or {}).get(f"refs/tags/{self.tag}", "")
        return f"{self.remote} has another {self.tag}, at {there[:12]}"

    def _refs(self, world: World) -> Mapping[str, str]:
        refs = world.git.remote_refs()
        if refs is None:
            raise Unanswered(f"{self.remote} could not be asked where its branch stands")
        return refs

    def _target(self, world: World, tip: str | None) -> str:
        """Return the commit that the branch is to be: the candidate, or a merge of it."""
        candidate = seal_of(world).candidate
        if tip is None:
            return candidate
        world.git.fetch(f"refs/heads/{self.branch}")
        if world.git.is_ancestor(tip, candidate):
            return candidate
        if world.git.is_ancestor(candidate, tip):
            return tip
        message = f"Merge {self.tag} into {self.branch}"
        return world.workbench.merge(tip, candidate, message)

    def _updates(self, world: World, tip: str | None, target: str) -> list[Update]:
        oid = seal_of(world).oid
        updates = [
            Update(f"refs/tags/{self.tag}", oid, None),
            Update(world.waiting_there, None, oid),
        ]
        if target != tip:
            updates.insert(0, Update(f"refs/heads/{self.branch}", target, tip))
        return updates

    def _left(self, refused: Refused) -> Problem:
        return Problem(
            f"everything is published, and {self.remote} refused {self.branch} and {self.tag}:"
            f" {refused.message}",
            hint="allow the push, then run `release-sync resume`; nothing will be uploaded again",
        )
