"""Step 7: member by member in dependency order, each file only if the index answers absent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Unanswered
from release_sync.steps.step import seal_of
from release_sync.steps.world import Observed, World, worst

if TYPE_CHECKING:
    from release_sync.steps.artifact import Artifact

TRIES = 4
"""How often a file is sent whose upload was not answered, or refused for the moment."""

PAUSE = 1.0
"""Seconds before the index is asked again; it doubles each time, up to 10."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Put one member's artifacts on the index, and wait until resolvers get them."""

    member: str
    version: str
    title: str = "Published"

    def describe(self) -> str:
        """Name the member."""
        return f"upload {self.member} {self.version}"

    def observe(self, world: World) -> Observed:
        """Compare what the index serves with the hashes that the seal names (PEP 691)."""
        return worst(world.index.look_up(one) for one in self._artifacts(world))

    def perform(self, world: World) -> str:
        """Send what is absent, then wait until all of it is served."""
        artifacts = self._artifacts(world)
        sent = self._send(world, artifacts)
        waited = self._await(world)
        files = f"{len(artifacts)} files" if len(artifacts) != 1 else "1 file"
        already = len(artifacts) - sent
        there = f", {already} there already" if already else ""
        return f"{self.member} {self.version} ({files}{there}, served after {waited:.0f}s)"

    def whose(self, world: World) -> str:
        """Name the files that are not ours."""
        foreign = [
            one.filename
            for one in self._artifacts(world)
            if world.index.look_up(one) is Observed.FOREIGN
        ]
        return (
            f"{world.index.name} serves another file as {', '.join(foreign)}: "
            "its sha256 is not the one in the seal"
        )

    def _artifacts(self, world: World) -> tuple[Artifact, ...]:
        return () if world.sealed is None else world.sealed.of(self.member)

    def _send(self, world: World, artifacts: tuple[Artifact, ...]) -> int:
        """Send the missing files; what was not answered is asked about before it is sent again."""
        sent: set[str] = set()
        pause = PAUSE
        for attempt in range(1, TRIES + 1):
            missing = [one for one in artifacts if self._ask(world, one) is Observed.ABSENT]
            if not missing:
                break
            try:
                world.index.upload([world.store.path(one) for one in missing])
            except Unanswered:
                if attempt == TRIES:
                    raise
                world.clock.sleep(pause)
                pause = min(2 * pause, 10.0)
            except Refused:
                if self.observe(world) is not Observed.EXACT:
                    raise
            else:
                sent.update(one.filename for one in missing)
                break
        return len(sent)

    def _ask(self, world: World, artifact: Artifact) -> Observed:
        answer = world.index.look_up(artifact)
        if answer is Observed.FOREIGN:
            raise Refused(self.whose(world), hint="somebody published this version: see `verify`")
        if answer is Observed.UNKNOWN:
            raise Unanswered(
                f"{world.index.name} could not be asked about {artifact.filename}",
                hint="nothing was sent; try again when it answers",
            )
        return answer

    def _await(self, world: World) -> float:
        """Wait until the index that resolvers read serves every file with the right hash."""
        began = world.clock.now()
        pause = PAUSE / 4
        while (answer := self.observe(world)) is not Observed.EXACT:
            if answer is Observed.FOREIGN:
                raise Refused(self.whose(world))
            waited = world.clock.now() - began
            if waited > world.wait:
                raise Problem(
                    f"{world.index.name} took {self.member} {self.version}, and does not serve it"
                    f" after {waited:.0f}s",
                    hint="run `release-sync resume` when it does; or set a longer `wait`",
                )
            world.clock.sleep(min(pause, max(world.wait - waited, 0.05)))
            pause = min(2 * pause, 10.0)
        return world.clock.now() - began


def sealed_artifacts(world: World) -> tuple[Artifact, ...]:
    """Return every artifact of the release, in upload order."""
    sealed = seal_of(world)
    return tuple(one for member in sealed.members for one in sealed.of(member))
