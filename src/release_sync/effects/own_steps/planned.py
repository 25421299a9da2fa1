"""What the repository brings and is run while a release is planned, when no lock is held."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from release_sync.effects.git.source_tree import lay
from release_sync.effects.own_steps.running import ScriptRun
from release_sync.effects.own_steps.stored import Stored
from release_sync.errors import Problem
from release_sync.lines import split_records
from release_sync.toml.edits import FileEdit
from release_sync.trees.git import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from release_sync.effects.own_steps.running import Place
    from release_sync.steps.ports.scripts import Script

Files = dict[str, tuple[int, ...]]


class Committed(NamedTuple):
    """A file of a commit: its mode, and the name of its object."""

    mode: int
    oid: str


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
            try:
                return tuple(self._edits(place, base, files, words, before))
            except OSError as error:
                message = f"{words} leaves {error.filename}, which can't be read: {error.strerror}"
                raise Problem(message) from error

    def _edits(
        self,
        place: Place,
        base: str,
        files: Mapping[str, bytes | None],
        words: str,
        before: Files,
    ) -> Iterator[FileEdit]:
        """Yield what differs from a state before, but for what is new and git ignores."""
        after, there = _state(place.top), self._committed(base)
        stored = Stored(place.top, place.folder / "stored")
        changed = {path for path, _ in before.items() ^ after.items()}
        new = changed - before.keys()
        left_out = new & stored.ignored() - there.keys() if new else set()
        folders = {parent for path in before for parent in _parents(path)} & new
        inside = {path: os.path.relpath(path, self.prefix) for path in sorted(changed - left_out)}
        for path, own in inside.items():
            mode = after[path][1] if path in after else None
            _must_be_kept(mode, there[path].mode if path in there else None, words, own)
            if path in folders:
                raise Problem(f"{words} makes {own} a file, which was a folder")
        converted = stored.converted([path for path in inside if path in after])
        for path, own in inside.items():
            was = files[own] if own in files else self._content(there.get(path))
            content = stored.content(path) if path in converted else _read(place.top, path, after)
            if content != was:
                gone = content is None
                yield FileEdit(own, was or b"", content or b"", ("step",), gone=gone)

    def _committed(self, commit: str) -> dict[str, Committed]:
        """Return the files and links of a commit, by their paths in the repository."""
        listing = ask(str(self.repository.top), "ls-tree", "-rz", "--full-tree", commit)
        parts = (entry.partition("\t") for entry in split_records(listing))
        found = ((path, told.split(" ")) for told, _, path in parts)
        return {
            path: Committed(int(mode, 8), oid)
            for path, (mode, kind, oid) in found
            if kind == "blob"
        }

    def _content(self, found: Committed | None) -> bytes | None:
        """Return what a file of a commit holds; None for none."""
        return ask(str(self.repository.top), "cat-file", "blob", found.oid) if found else None


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

    def ask(self, script: Script, base: str, about: Mapping[str, object]) -> str:
        """Run a script in a commit, and return the last line that it printed. Raises Problem."""
        with self.scratch.aside() as folder:
            return self.run_in(self.laid_out(folder, base), script, base, about)

    def missing(self, base: str, paths: Iterable[str]) -> tuple[str, ...]:
        """Return those of some scripts, by their paths below the workspace, that a commit lacks."""
        above = "" if self.prefix == "." else f"{self.prefix}/"
        there = self._committed(base)
        return tuple(one for one in paths if f"{above}{one}" not in there)


def _state(top: Path) -> Files:
    """Return what tells whether a file was touched: nobody can set the time of that back.

    A link is one, wherever it leads.
    """
    found: Files = {}
    for parent, folders, names in os.walk(top):
        if Path(parent) == top:
            folders[:] = [one for one in folders if one != ".git"]
        links = [one for one in folders if Path(parent, one).is_symlink()]
        for name in (*names, *links):
            path = Path(parent, name)
            one = path.lstat()
            told = one.st_ino, one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns
            found[path.relative_to(top).as_posix()] = told
    return found


def _must_be_kept(mode: int | None, before: int | None, words: str, path: str) -> None:
    """Raise Problem for what is no file whose bytes are all there is to it.

    It has a ``mode``, and had one in the commit; None is for what is not there. ``words`` name who
    left it there.
    """
    if mode is not None and not stat.S_ISREG(mode):
        raise Problem(f"{words} makes {path}, which is no regular file")
    if before is not None and stat.S_ISLNK(before):
        raise Problem(f"{words} replaces {path}, which is a link")
    if mode is not None and _may_run(mode) != _may_run(before or 0):
        done = f"{words} changes whether {path} may be executed"
        raise Problem(f"{done}, which a release does not")


def _may_run(mode: int) -> bool:
    return bool(mode & stat.S_IXUSR)


def _read(top: Path, path: str, after: Files) -> bytes | None:
    return (top / path).read_bytes() if path in after else None


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
