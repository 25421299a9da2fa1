"""In place of building: take the lock, and leave the candidate for whoever builds it."""

from __future__ import annotations

from dataclasses import dataclass

from release_sync.steps.seal import Seal


@dataclass(frozen=True, slots=True)
class Reserve(Seal):
    """Make the seal as far as it is known, without an artifact, and push it to the pending ref."""

    title: str = "Reserved"

    def describe(self) -> str:
        """Return what the step does, with the tag and the remote."""
        return f"reserve {self.draft.name} on {self.remote}, to be built elsewhere"
