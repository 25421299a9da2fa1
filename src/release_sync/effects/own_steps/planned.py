"""What the repository brings and is run while a release is planned, when no lock is held."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.changelogs.fragments import state
from release_sync.effects.git.source_tree import lay
from release_sync.effects.own_steps.running import ScriptRun
from release_sync.errors import Problem
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from release_sync.steps.ports.scripts import Script


class PlannedScripts(ScriptRun):
    """Runs a script in a commit with some files edited, and returns what it changed."""

    def changes(
        self,
        script: Script,
        base: str,
        about: Mapping[str, object],
        files: Mapping[str, bytes | None],
    ) -> tuple[FileEdit, ...]:
        """Return each file that it changed, made or removed, by its path below the workspace.

        Raises Problem where it fails, or makes what is no file.
        """
        with tempfile.TemporaryDirectory(prefix="release-sync-step-") as name:
            place = self.laid_out(Path(name).resolve(), base)
            lay(place.top / self.prefix, files)
            before = state(place.top)
            self.run_in(place, script, base, about)
            changed = sorted({path for path, _ in before.items() ^ state(place.top).items()})
            found = [self._edit(place.top, path, base, files, script) for path in changed]
        return tuple(one for one in found if one is not None)

    def missing(self, base: str, paths: Iterable[str]) -> tuple[str, ...]:
        """Return those of some scripts, by their paths below the workspace, that a commit lacks."""
        above = "" if self.prefix == "." else f"{self.prefix}/"
        return tuple(one for one in paths if self._committed(base, f"{above}{one}") is None)

    def _edit(
        self,
        top: Path,
        path: str,
        base: str,
        files: Mapping[str, bytes | None],
        script: Script,
    ) -> FileEdit | None:
        """Return one of its edits, if it is one; ``path`` is from the top of the repository."""
        inside, file = os.path.relpath(path, self.prefix), top / path
        before = files[inside] if inside in files else self._committed(base, path)
        if file.is_symlink() or (file.exists() and not file.is_file()):
            raise Problem(f"{script.words} makes {inside}, which is no regular file")
        after = file.read_bytes() if file.exists() else None
        if after == before:
            return None
        return FileEdit(inside, before or b"", after or b"", ("step",), gone=after is None)

    def _committed(self, base: str, path: str) -> bytes | None:
        """Return what a file holds in a commit; None where it is not there."""
        try:
            found = self.repository.repo.commit(base).tree / path
        except KeyError:
            return None
        return bytes(found.data_stream.read()) if found.type == "blob" else None
