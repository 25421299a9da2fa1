"""What the repository brings and is run while a release is made: the port ``Scripts``."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from release_sync.effects.own_steps.running import SECONDS, ScriptRun

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.effects.build.artifact_store import ArtifactStore
    from release_sync.effects.git.repository import Repository
    from release_sync.effects.scratch import Scratch
    from release_sync.effects.uv.commands import Uv
    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.scripts import Script

PUBLIC = frozenset({"before-upload", "after-land"})
"""The points of a release that others hear of."""


class RepositoryScripts(ScriptRun):
    """Runs what a workspace brings. Implements the port ``Scripts``.

    What ``rehearses`` tells nobody of a release.
    """

    def __init__(
        self,
        repository: Repository,
        prefix: str,
        uv: Uv,
        store: ArtifactStore,
        scratch: Scratch,
        seconds: float = SECONDS,
        *,
        rehearses: bool = False,
    ) -> None:
        """Hold what is needed; nothing is made yet."""
        super().__init__(repository, prefix, uv, scratch, seconds)
        self.store = store
        self.rehearses = rehearses

    def run(
        self,
        script: Script,
        commit: str,
        about: Mapping[str, object],
        artifacts: Sequence[Artifact] = (),
    ) -> str:
        """Run a script, and return the last line that it printed. Raises Problem."""
        if self.rehearses and about["point"] in PUBLIC:
            return "not run in a rehearsal"
        folder = self.scratch.make()
        try:
            place = self.laid_out(folder, commit)
            for one in artifacts:  # copies, which may be changed
                shutil.copyfile(self.store.path(one), place.artifacts / one.filename)
            given = {"artifacts": place.inside(place.artifacts)} if artifacts else {}
            return self.run_in(place, script, commit, {**about, **given})
        finally:
            self.scratch.discard(folder)
