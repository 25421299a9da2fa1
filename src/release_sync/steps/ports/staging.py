"""The port to an index server that can make indexes beside the one that is released to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.observed import Observed


class Staging(Protocol):
    """The stages of a server: indexes that are made for one release each, named by its seal.

    What a stage does not have, its readers get from the index that is released to. Each method
    takes the object name of a seal. ``why`` says in words why there last was no answer.

    What changes something raises ``Refused`` when the server said no, ``Unanswered`` when nobody
    knows.
    """

    why: str

    def name(self, seal: str) -> str:
        """Return what the stage is called there."""
        ...

    def look_up(self, seal: str, artifact: Artifact) -> Observed:
        """Compare what the stage serves under an artifact's name with its hash."""
        ...

    def make(self, seal: str) -> None:
        """Make the stage, unless it is there."""
        ...

    def upload(
        self, seal: str, files: Sequence[Path], begun: Callable[[str], None] = to_nobody
    ) -> None:
        """Upload files to the stage, as ``Index.upload`` does."""
        ...

    def install(
        self, seal: str, versions: Sequence[tuple[str, str]], *, builds: bool = False
    ) -> None:
        """Install members (name and version) from the stage, by wheels alone.

        The environment is a clean one, and is removed. Nothing of the members is built or run; only
        where it ``builds``, what they need from elsewhere may be. Raises Problem when they can't be
        resolved or installed.
        """
        ...

    def promote(self, seal: str, member: str, version: str) -> None:
        """Copy all files of one member from the stage to the index that is released to."""
        ...

    def delete(self, seal: str) -> bool:
        """Delete the stage; return whether it was there."""
        ...
