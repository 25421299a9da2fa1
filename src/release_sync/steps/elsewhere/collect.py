"""In place of building: take what others built of a reserved release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.steps.step import Known, Learned, Preparation

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Collect(Preparation):
    """Copy files of a ``folder`` into the store; ``files`` are members and names of files."""

    folder: Path
    files: tuple[tuple[str, str], ...]
    title: str = "Collected"

    def describe(self) -> str:
        """Return what the step does, and where the files come from."""
        return f"take what was built elsewhere from {self.folder}"

    def perform(self, world: World, known: Known) -> Learned:
        """Open the candidate, which they are verified by, and take them. Raises Refused."""
        world.workbench.open(known.candidate)
        artifacts = world.store.collect(self.folder, self.files)
        attested = sum(len(one.attestations) for one in artifacts)
        more = f" with {attested} attestation{'s' * (attested > 1)}" if attested else ""
        detail = f"{len(artifacts)} artifacts{more} from {self.folder}"
        return Learned(detail, replace(known, artifacts=artifacts))
