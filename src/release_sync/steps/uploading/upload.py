"""Step 8: upload member by member in dependency order, each file only if it is absent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.steps.observed import Observed, worst
from release_sync.steps.step import Known, Learned
from release_sync.steps.uploading.foreign import whose
from release_sync.steps.uploading.sending import upload
from release_sync.steps.uploading.upload_attempt import UploadAttempt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Upload:
    """Upload one member's artifacts, and wait until the index serves them.

    Members of one ``level`` don't need each other, so their uploads may go side by side.
    """

    member: str
    version: str
    level: int = 0
    title: str = "Published"

    def describe(self) -> str:
        """Return what the step does, with the member."""
        return f"upload {self.member} {self.version}"

    def observe(self, world: World, known: Known) -> Observed:
        """Compare what the index serves with the hashes that the seal names (PEP 691)."""
        artifacts = known.seal.of(self.member)
        unseen = [one for one in artifacts if one.filename not in known.seen]
        seen = {**known.seen, **world.index.look_up_each(unseen)}
        return worst(seen[one.filename] for one in artifacts)

    def perform(self, world: World, known: Known) -> Learned:
        """Send what is absent, then wait until all of it is served."""
        sending = UploadAttempt(world, known, known.seal.of(self.member), send=self.send)
        before = sending.send()
        detail = self.detail(known, sending.wait(), before)
        return Learned(detail, sending.known)

    def detail(self, known: Known, waited: float, before: int | None = None) -> str:
        """Return what was done, in words; ``before`` is how many of its files were there."""
        artifacts = known.seal.of(self.member)
        if before is None:
            told = [known.seen.get(one.filename) for one in artifacts]
            before = told.count(Observed.EXACT)
        files = f"{len(artifacts)} files" if len(artifacts) != 1 else "1 file"
        there = f", {before} there already" if before else ""
        return f"{self.member} {self.version} ({files}{there}, served after {waited:.0f}s)"

    def send(
        self,
        world: World,
        known: Known,
        artifacts: Sequence[Artifact],
        begun: Callable[[str], None],
    ) -> None:
        """Send some of its files; ``begun`` is told each one's name. Raises as ``Index.upload``."""
        upload(world, known, artifacts, begun)

    def whose(self, world: World, known: Known) -> str:
        """Return the files that are not ours."""
        return whose(world, known.seal.of(self.member))
