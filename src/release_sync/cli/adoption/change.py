"""A file that is to be made or replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Problem
from release_sync.fixes.atomic_write import write
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from collections.abc import Iterable


class Change(NamedTuple):
    """A file's bytes as they are to be, ``before`` being None for one that is not there yet.

    ``path`` is relative to the folder that all changes are made in; ``lines`` say what is done.
    """

    path: str
    before: bytes | None
    after: bytes
    lines: tuple[str, ...]
    executable: bool = False


def make(top: str, changes: Iterable[Change]) -> None:
    """Write all changes below ``top``. Raises Problem."""
    edited = []
    for change in changes:
        if change.before is None:
            _create(Path(top, change.path), change)
        else:
            edited.append(FileEdit(change.path, change.before, change.after, ()))
    write(top, edited)


def _create(target: Path, change: Change) -> None:
    try:
        target.parent.mkdir(exist_ok=True)
        with target.open("xb") as file:
            file.write(change.after)
        if change.executable:
            target.chmod(0o755)
    except OSError as error:
        raise Problem(f"{change.path} can't be written: {error.strerror}") from error
