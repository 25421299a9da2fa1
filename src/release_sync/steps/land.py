"""Step 9: land: one atomic push moves the branch, creates the tag and removes the pending ref."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from release_sync.errors import Conflict, Problem, Refused, Unanswered
from release_sync.seals.pending import enumeration
from release_sync.steps.begin import ended, hold
from release_sync.steps.observed import Observed
from release_sync.steps.ports.git import Merged, Update
from release_sync.steps.remote_state import has_landed, is_abandoned, tag_moved
from release_sync.steps.step import Known, Learned
from release_sync.steps.transitions import bring_about, landing
from release_sync.steps.uploading.overwritten import refuse_overwritten
from release_sync.steps.way import Way, pull_request_branch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.seals.pending import Sealed
    from release_sync.steps.ports.workbench import Development
    from release_sync.steps.ports.world import World
    from release_sync.steps.resolve import Resolve

TRIES = 5
"""How often a landing is tried again because the branch moved in between."""


@dataclass(frozen=True, slots=True)
class Land:
    """Push branch and tag; if the branch moved meanwhile, merge: the tagged commit stays.

    Where the tag is ``existing``, the object that it was before, it is compared, and not moved: the
    seal is kept beside the tags. ``others`` are the tags of the other groups that are released. A
    branch that is pushed goes on at a ``development`` version, if there is one, in a commit on top
    of the tagged one. What it is to ``resolve`` to is asked meanwhile.
    """

    branch: str
    tag: str
    remote: str
    way: Way = Way.PUSH
    existing: str = ""
    others: tuple[str, ...] = ()
    development: Development | None = None
    resolve: Resolve | None = None
    title: str = "Landed"

    def describe(self) -> str:
        """Return what the step does, with the refs."""
        if self.way is Way.NONE:
            return f"keep the seal of {self._tags} on {self.remote}, without a tag"
        if self.existing:
            return f"keep the seal of {self.tag} on {self.remote}, beside the tag that is there"
        return f"push {self._pushed} to {self.remote}, as one act{self._goes_on}"

    def observe(self, world: World, known: Known) -> Observed:
        """Compare the tag alone, which is enough, because the push is atomic."""
        refs = world.git.remote_refs()
        if refs is None:
            return Observed.UNKNOWN
        sealed = known.seal
        if has_landed(world.names, sealed, refs):
            return Observed.EXACT
        if is_abandoned(world.names, sealed, refs):
            return Observed.FOREIGN
        return Observed.FOREIGN if self._in_the_way(world, sealed, refs) else Observed.ABSENT

    def perform(self, world: World, known: Known) -> Learned:
        """Push, and when the branch moved, merge and push again."""
        sealed = known.seal
        refuse_overwritten(world, known)
        if self.resolve is not None:
            known = replace(known, resolved=world.beside(partial(self.resolve.asked, world)))
        refs = None if sealed.existing else known.refs  # the push itself holds the branch to it
        for _ in range(TRIES):
            refs = self._refs(world, sealed) if refs is None else refs
            tip = refs.get(f"refs/heads/{self._branch}")
            try:
                merged = self._merged(world, sealed, tip)
            except Conflict as conflict:
                return self._tag_only(world, known, conflict)
            try:
                self._push(world, known, tip, merged)
            except Refused as refused:
                hold(world, replace(known, refs=None))
                refs = self._refs(world, sealed)
                if refs.get(f"refs/heads/{self._branch}") == tip:
                    raise self._left(refused) from refused
                continue
            moved = {f"refs/heads/{self._branch}": merged.commit} if self._moves_branch else {}
            known = replace(known, left=self._red(merged), refs={**refs, **moved})
            return Learned(self._done(sealed, merged), known)
        raise Problem(
            f"{self.branch} on {self.remote} moved {TRIES} times while it was to be landed",
            hint="run `release-sync resume`",
        )

    def whose(self, world: World, known: Known) -> str:
        """Raise what is in the way: Lost for a version that was given up, Refused for a tag."""
        refs = world.git.remote_refs() or {}
        if is_abandoned(world.names, known.seal, refs):
            raise ended(world, known.seal, refs)
        raise self._refusal(world, known.seal, refs)

    def _in_the_way(self, world: World, sealed: Sealed, refs: Mapping[str, str]) -> bool:
        """Return whether another tag is there than the one that was before the release, if any."""
        taken = (refs.get(world.names.tag(one.tag), "") for one in sealed.groups)
        return self.way is not Way.NONE and any(one != sealed.existing for one in taken)

    def _refusal(self, world: World, sealed: Sealed, refs: Mapping[str, str]) -> Refused:
        """Return what is in the way of the tag, or has become of the one that was there before."""
        if sealed.existing:
            return Refused(
                f"{tag_moved(world.names, sealed, refs)} on {self.remote}",
                hint="see who did that, and put it back: `git push --force"
                f" {self.remote} {sealed.existing}:{world.names.tag(self.tag)}`",
            )
        tag = next((one.tag for one in sealed.groups if world.names.tag(one.tag) in refs), self.tag)
        there = refs.get(world.names.tag(tag), "")
        return Refused(
            f"{self.remote} has another {tag}, at {there[:12]}",
            hint="nothing was changed; delete that tag, or run `release-sync resume --land none`,"
            " which does without it",
        )

    @property
    def _branch(self) -> str:
        return pull_request_branch(self.tag) if self.way is Way.BRANCH else self.branch

    @property
    def _moves_branch(self) -> bool:
        return self.way in {Way.PUSH, Way.BRANCH}

    @property
    def _pushed(self) -> str:
        if self.existing:
            return f"the seal of {self.tag}"
        branch = [self._branch] if self._moves_branch else []
        return enumeration([*branch, self.tag, *self.others])

    @property
    def _tags(self) -> str:
        return enumeration([self.tag, *self.others])

    @property
    def _goes_on(self) -> str:
        if self.development is None or not self._moves_branch:
            return ""
        return f"; {self._branch} goes on at {self.development.words}"

    @property
    def _then(self) -> str:
        """Return how the branch is brought to its development versions by hand."""
        if self.development is None:
            return ""
        parts = [one.rpartition(" ") for one in self.development.words.split(", ")]
        ways = [f"--to {after}{f' --group {name}' if name else ''}" for name, _, after in parts]
        commands = enumeration([f"`release-sync check --fix {way}`" for way in ways])
        return f"; then run {commands}, commit that and push it"

    def _refs(self, world: World, sealed: Sealed) -> Mapping[str, str]:
        """Return where the branch is. Raises Unanswered, Refused when the tag was moved."""
        refs = world.git.remote_refs()
        if refs is None:
            raise Unanswered(f"{self.remote} could not be asked where its branch stands")
        if sealed.existing and self._in_the_way(world, sealed, refs):
            raise self._refusal(world, sealed, refs)
        return refs

    def _merged(self, world: World, sealed: Sealed, tip: str | None) -> Merged:
        """Return what the branch is to be: the candidate, what follows it, or a merge of that."""
        commit = sealed.candidate
        if self.development is not None and self._moves_branch:
            commit = world.workbench.develop(commit, self.development)
        if tip is None or not self._moves_branch:
            return Merged(commit)
        world.git.fetch(f"refs/heads/{self._branch}", tip)
        if world.git.is_ancestor(tip, commit):
            return Merged(commit)
        if world.git.is_ancestor(commit, tip):
            return Merged(tip, is_merge=True)
        merged = world.workbench.merge(tip, commit, f"Merge {self.tag} into {self._branch}")
        return replace(merged, is_merge=True)

    def _push(self, world: World, known: Known, tip: str | None, merged: Merged | None) -> None:
        """Push as one act; without a merge, the branch is left alone."""
        branch = None
        if merged is not None and merged.commit != tip and self._moves_branch:
            branch = Update(f"refs/heads/{self._branch}", merged.commit, tip, decides=False)
        tagged = self.way is not Way.NONE and not known.seal.existing
        bring_about(
            world.git,
            landing(world.names, known.seal, known.held.oid, tagged=tagged, branch=branch),
        )

    def _done(self, sealed: Sealed, merged: Merged) -> str:
        if self.way is Way.NONE or sealed.existing:
            return (
                f"the seal of {self._tags} is kept on {self.remote}; no tag, no branch was pushed"
            )
        if self.way is Way.TAG:
            how = ""
        elif self.way is Way.BRANCH:
            how = f"; open a pull request from {self._branch} into {self.branch}"
        else:
            how = ", merged into what was pushed" if merged.is_merge else ""
        return f"{self._pushed} pushed to {self.remote}{how}{self._goes_on}"

    def _red(self, merged: Merged) -> tuple[Problem, ...]:
        if not merged.findings:
            return ()
        return (
            Problem(
                f"{self.tag} is published and has landed, and {self._branch} is not in lockstep:"
                f" somebody pushed to it meanwhile: {'; '.join(merged.findings)}",
                hint=f"run `git switch {self._branch} && git pull && release-sync check`; nothing"
                " of the release is left to do",
            ),
        )

    def _tag_only(self, world: World, known: Known, conflict: Conflict) -> Learned:
        """Push the tag of what is published, and leave the merge to be done by hand."""
        self._push(world, known, None, None)
        problem = Problem(
            f"{self.tag} is published and its tag is on {self.remote}, but {self._branch} moved and"
            f" the release commit can't be merged into it: {conflict.message}",
            hint=f"run `git switch {self.branch} && git pull && git merge {self.tag}`,"
            f" resolve the conflict and push{self._then}; nothing else is left to do",
        )
        return Learned(f"{self._tags} pushed to {self.remote}", replace(known, left=(problem,)))

    def _left(self, refused: Refused) -> Problem:
        ways = {}
        if self._moves_branch:
            branch = "`--land branch` pushes a branch for a pull request"
            ways[f"refs/heads/{self._branch}"] = branch
        if not self.existing:
            without = "`--land none` does without the tag"
            ways |= dict.fromkeys([f"refs/tags/{one}" for one in (self.tag, *self.others)], without)
        named = [way for ref, way in ways.items() if ref in refused.refs] or list(ways.values())
        named = list(dict.fromkeys(named))
        so = f"; or run it so that {', or '.join(named)}" if named else ""
        return Problem(
            f"everything is published, and {self.remote} refused {self._pushed}: {refused.message}",
            hint=f"allow the push, then run `release-sync resume`{so}; nothing is uploaded again",
        )
