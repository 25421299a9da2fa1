"""A file that is to be made or replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Problem
from release_sync.fixes.atomic_write import write
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from collections.abc import Sequence


class Change(NamedTuple):
    """A file's bytes as they are to be, ``before`` being None for one that is not there yet.

    ``path`` is relative to the folder that all changes are made in; ``lines`` say what is done, and
    ``drift`` what is wrong without it.
    """

    path: str
    before: bytes | None
    after: bytes
    lines: tuple[str, ...]
    executable: bool = False
    drift: str = ""


def make(top: str, changes: Sequence[Change]) -> None:
    """Write all changes below ``top``. Raises Problem."""
    edited = []
    for change in changes:
        if change.before is None:
            _create(Path(top, change.path), change)
        else:
            edited.append(FileEdit(change.path, change.before, change.after, ()))
    write(top, edited)
    for change in changes:
        if change.executable:
            Path(top, change.path).chmod(0o755)


def _create(target: Path, change: Change) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(change.after)
    except OSError as error:
        raise Problem(f"{change.path} can't be written: {error.strerror}") from error
