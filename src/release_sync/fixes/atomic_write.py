"""Edits, written to disk: all files or none, each of them whole at every moment."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.toml.edits import FileEdit


NEW = 0o644
"""The mode of a file that was not there."""


def write(root: str, edits: Iterable[FileEdit]) -> None:
    """Replace, make and remove files below ``root``. Raises Problem: then nothing was changed.

    Every new file is written beside the old one first; only when all are there are they renamed.
    A file that changed since it was read stops everything.
    """
    ready: list[tuple[Path | None, Path, FileEdit]] = []
    try:
        for edit in edits:
            target = Path(os.path.realpath(Path(root, edit.path)))
            if not target.exists() and edit.before:
                raise _left_out(edit.path)
            if target.exists() and target.read_bytes() != edit.before:
                raise Problem(f"{edit.path} changed while it was being fixed", hint="run it again")
            ready.append((None if edit.gone else _scratch(target, edit.after), target, edit))
        _rename(ready)
    except OSError as error:
        message = f"{error.filename} can't be written: {error.strerror}"
        raise Problem(message, hint="nothing was changed") from error
    finally:
        for scratch, _, _ in ready:
            if scratch is not None:
                scratch.unlink(missing_ok=True)


def _left_out(path: str) -> Problem:
    """Return what can be done about a file that was read, and is in the index alone."""
    return Problem(
        f"{path} is to be fixed, and is not on disk: git left it out of the sparse checkout",
        hint=f"git sparse-checkout add {path.rpartition('/')[0] or '/'}; then run it again",
    )


def _scratch(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    scratch = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        if target.exists():
            shutil.copymode(target, scratch)
        else:
            scratch.chmod(NEW)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise
    return scratch


def _rename(ready: list[tuple[Path | None, Path, FileEdit]]) -> None:
    done: list[tuple[Path, FileEdit]] = []
    try:
        for scratch, target, edit in ready:
            if scratch is None:
                target.unlink()
            else:
                scratch.replace(target)
            done.append((target, edit))
    except OSError:
        for target, edit in done:
            target.write_bytes(edit.before)
        raise
