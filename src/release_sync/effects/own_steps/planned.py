"""What the repository brings and is run while a release is planned, when no lock is held."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.git.source_tree import lay
from release_sync.effects.own_steps.running import ScriptRun
from release_sync.errors import Problem
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from release_sync.effects.own_steps.running import Place
    from release_sync.steps.ports.scripts import Script

Files = dict[str, tuple[int, ...]]


class PlannedRun(ScriptRun):
    """Runs something in a commit with some files edited, and returns what it changed."""

    def edits(
        self,
        base: str,
        files: Mapping[str, bytes | None],
        words: str,
        act: Callable[[Place], object],
    ) -> tuple[FileEdit, ...]:
        """Return each file that ``act`` changed, made or removed, by its path below the workspace.

        ``words`` name in messages what is run. Raises Problem for what is no file.
        """
        with self.scratch.aside() as folder:
            place = self.laid_out(folder, base)
            lay(place.top / self.prefix, files)
            before = _state(place.top)
            act(place)
            changed = sorted({path for path, _ in before.items() ^ _state(place.top).items()})
            found = [self._edit(place.top, path, base, files, words) for path in changed]
        return tuple(one for one in found if one is not None)

    def _edit(
        self, top: Path, path: str, base: str, files: Mapping[str, bytes | None], words: str
    ) -> FileEdit | None:
        """Return one of its edits, if it is one; ``path`` is from the top of the repository."""
        inside, file = os.path.relpath(path, self.prefix), top / path
        before = files[inside] if inside in files else self.committed(base, path)
        if file.is_symlink() or (file.exists() and not file.is_file()):
            raise Problem(f"{words} makes {inside}, which is no regular file")
        after = file.read_bytes() if file.exists() else None
        if after == before:
            return None
        return FileEdit(inside, before or b"", after or b"", ("step",), gone=after is None)

    def committed(self, base: str, path: str) -> bytes | None:
        """Return what a file holds in a commit; None where it is not there."""
        try:
            found = self.repository.repo.commit(base).tree / path
        except KeyError:
            return None
        return bytes(found.data_stream.read()) if found.type == "blob" else None


class PlannedScripts(PlannedRun):
    """Runs the workspace's own scripts while a release is planned."""

    def changes(
        self,
        script: Script,
        base: str,
        about: Mapping[str, object],
        files: Mapping[str, bytes | None],
    ) -> tuple[FileEdit, ...]:
        """Return what a script changes. Raises Problem where it fails, or makes what is no file."""
        return self.edits(
            base, files, script.words, lambda place: self.run_in(place, script, base, about)
        )

    def missing(self, base: str, paths: Iterable[str]) -> tuple[str, ...]:
        """Return those of some scripts, by their paths below the workspace, that a commit lacks."""
        above = "" if self.prefix == "." else f"{self.prefix}/"
        return tuple(one for one in paths if self.committed(base, f"{above}{one}") is None)


def _state(top: Path) -> Files:
    """Return what tells whether a file was touched: nobody can set the time of that back."""
    found: Files = {}
    for parent, folders, names in os.walk(top):
        if Path(parent) == top:
            folders.remove(".git")
        for name in names:
            path = Path(parent, name)
            one = path.lstat()
            told = one.st_ino, one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns
            found[path.relative_to(top).as_posix()] = told
    return found
