"""Step 8: the one atomic push that moves the branch, creates the tag and frees the lock."""

from __future__ import annotations

from dataclasses import dataclass

from release_sync.errors import Conflict, Problem, Refused, Unanswered
from release_sync.steps.seal import forget
from release_sync.steps.step import seal_of
from release_sync.steps.world import Observed, Update, World

TRIES = 5
"""How often a landing is tried again because the branch moved in between."""


@dataclass(frozen=True, slots=True)
class Land:
    """Push branch and tag; if the branch moved meanwhile, merge: the tagged commit stays.

    ``aside`` is a branch for a pull request, where the branch itself is not to be pushed.
    """

    branch: str
    tag: str
    remote: str
    aside: str = ""
    title: str = "Landed"

    def describe(self) -> str:
        """Name the refs."""
        return f"push {self._branch} and {self.tag} to {self.remote}, as one act"

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
            tip = self._tip(world)
            try:
                target = self._target(world, tip)
            except Conflict as conflict:
                raise self._tag_only(world, conflict) from conflict
            try:
                world.git.push(self._updates(world, tip, target))
            except Refused as refused:
                if self._tip(world) == tip:
                    raise self._left(refused) from refused
                continue
            return (
                f"{self._branch} and {self.tag} pushed to {self.remote}{self._how(world, target)}"
            )
        raise Problem(
            f"{self._branch} on {self.remote} moved {TRIES} times while it was to be landed",
            hint="run `release-sync resume`",
        )

    def whose(self, world: World) -> str:
        """Name the tag."""
        there = (world.git.remote_refs() or {}).get(f"refs/tags/{self.tag}", "")
        return f"{self.remote} has another {self.tag}, at {there[:12]}"

    @property
    def _branch(self) -> str:
        return self.aside or self.branch

    def _tip(self, world: World) -> str | None:
        refs = world.git.remote_refs()
        if refs is None:
            raise Unanswered(f"{self.remote} could not be asked where its branch stands")
        return refs.get(f"refs/heads/{self._branch}")

    def _how(self, world: World, target: str) -> str:
        if self.aside:
            return f"; open a pull request from {self.aside} into {self.branch}"
        return "" if target == seal_of(world).candidate else ", merged into what was pushed"

    def _target(self, world: World, tip: str | None) -> str:
        """Return the commit that the branch is to be: the candidate, or a merge of it."""
        candidate = seal_of(world).candidate
        if tip is None:
            return candidate
        world.git.fetch(f"refs/heads/{self._branch}")
        if world.git.is_ancestor(tip, candidate):
            return candidate
        if world.git.is_ancestor(candidate, tip):
            return tip
        message = f"Merge {self.tag} into {self._branch}"
        return world.workbench.merge(tip, candidate, message).commit

    def _updates(self, world: World, tip: str | None, target: str | None) -> list[Update]:
        """Return the updates of one push; without a target, the branch is left alone."""
        oid = seal_of(world).oid
        updates = [
            Update(f"refs/tags/{self.tag}", oid, None),
            Update(world.waiting_there, None, oid),
        ]
        if target != tip:
            updates.insert(0, Update(f"refs/heads/{self._branch}", target, tip))
        return updates

    def _tag_only(self, world: World, conflict: Conflict) -> Problem:
        """Push the tag of what is published, and say that the merge is left to do by hand."""
        world.git.push(self._updates(world, None, None))
        world.git.set_local_ref(f"refs/tags/{self.tag}", seal_of(world).oid, None)
        forget(world)
        return Problem(
            f"{self.tag} is published and its tag is on {self.remote}, but {self._branch} moved and"
            f" the release commit can't be merged into it: {conflict.message}",
            hint=f"run `git switch {self.branch} && git pull && git merge {self.tag}`,"
            " resolve the conflict and push; nothing else is left to do",
        )

    def _left(self, refused: Refused) -> Problem:
        return Problem(
            f"everything is published, and {self.remote} refused {self._branch} and {self.tag}:"
            f" {refused.message}",
            hint="allow the push, then run `release-sync resume`;"
            " or `release-sync resume --land branch` for a pull request; nothing is uploaded again",
        )
