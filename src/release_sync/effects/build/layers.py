"""Layers: sources that all builds share, and for each of them a folder of what it changes there.

A copy of the whole repository for each member takes most of the time of a release of fifty. Where
the kernel can lay a folder over another one (overlayfs), a build sees a tree of its own as before,
and what it changed is there to be read, with nothing else.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from threading import Lock
from typing import TYPE_CHECKING

from release_sync.effects.build.source_trees import Changed, differs
from release_sync.effects.isolation import cell
from release_sync.effects.isolation.isolation import BEGIN, SECONDS, SOURCES, Kind
from release_sync.effects.isolation.view import Mount, View
from release_sync.effects.scratch import remove

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from release_sync.effects.isolation.isolation import Isolation

OPAQUE = "user.overlay.opaque"
"""What marks a folder that hides all that was below it before (overlayfs, ``userxattr``)."""


_TRYING = Lock()
_TRIED: dict[tuple[Isolation, int], bool] = {}


def can_be_laid(isolation: Isolation, folder: Path) -> bool:
    """Return whether the kernel lays layers that are in a folder, as the cells of builds would.

    It is tried once for each file system: who asks meanwhile waits for the answer.
    """
    if isolation.kind is not Kind.NAMESPACES:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    key = isolation, folder.stat().st_dev
    with _TRYING:
        if key not in _TRIED:
            _TRIED[key] = _trial(isolation, folder)
        return _TRIED[key]


def _trial(isolation: Isolation, folder: Path) -> bool:
    place = folder / "trial"
    for name in ("lower", cell.UPPER, cell.WORK, "target", "root"):
        (place / name).mkdir(parents=True)
    (place / "lower" / "there").mkdir()
    (place / "lower" / "there" / "file").touch()
    words = f"{BEGIN.format('release_sync.effects.isolation', 'cell')}; "
    words += "sys.exit(cell.trial_of_layers(sys.argv[2]))"
    line = [sys.executable, "-I", "-S", "-c", words, SOURCES, cell.INSIDE]
    view = View((Mount(str(place), cell.INSIDE, writable=True),), nests=True)
    silent = subprocess.DEVNULL
    try:
        tried = isolation.start(line, "/", {}, view, place / "root", stdout=silent, stderr=silent)
        return tried.wait(SECONDS) == 0 and _is_opaque(place / cell.UPPER / "there")
    except (OSError, subprocess.TimeoutExpired):
        return False
    finally:
        remove(place)


class LayeredTree:
    """The layers over an exported tree, and what a build has changed in them."""

    def __init__(self, tree: Path, layers: Path) -> None:
        """Make the folders for what is changed of ``tree``."""
        self.tree = tree
        self.upper = layers / cell.UPPER
        self.upper.mkdir(parents=True)
        (layers / cell.WORK).mkdir()

    def changed(self) -> Iterator[Changed]:
        """Yield every file that is new, other or gone."""
        pending = [""]
        while pending:
            below = pending.pop()
            if _is_opaque(self.upper / below):
                yield from self._hidden(below)
            with os.scandir(self.upper / below) as entries:
                for entry in entries:
                    path = os.path.join(below, entry.name)  # noqa: PTH118 - many thousand times
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(path)
                    else:
                        yield from self._change(path)

    def _change(self, path: str) -> Iterator[Changed]:
        before, after = self.tree / path, self.upper / path
        if _is_gone(after):
            yield from self._hidden(path)
        elif not os.path.lexists(before) or _is_folder(before):
            yield Changed(path, was_there=False)
            yield from self._hidden(path)
        elif differs(before, after):
            yield Changed(path, was_there=True)

    def _hidden(self, path: str) -> Iterator[Changed]:
        """Yield the files that were at a path, or below it, and are not there now."""
        before = self.tree / path
        if not _is_folder(before):
            if os.path.lexists(before):
                yield Changed(path, was_there=True)
            return
        for folder, _, names in os.walk(before):
            for name in names:
                one = os.path.relpath(f"{folder}/{name}", self.tree)
                if not os.path.lexists(self.upper / one):
                    yield Changed(one, was_there=True)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_gone(path: Path) -> bool:
    """Return whether it is the mark of a file that was deleted: a device that is none."""
    found = path.lstat()
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == 0


def _is_opaque(folder: Path) -> bool:
    try:
        return os.getxattr(folder, OPAQUE, follow_symlinks=False) in {b"y", b"x"}
    except OSError:
        return False
