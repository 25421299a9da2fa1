"""The port to a folder that holds a bundle, or is to hold one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Folder(Protocol):
    """The folder that a user named; ``str`` of it is what the user called it."""

    folder: Path

    def names(self) -> Sequence[str]:
        """Return the names of all that is in it. Raises Unreadable."""
        ...

    def document(self) -> str:
        """Return the text of the document in it. Raises Unreadable."""
        ...

    def refuse_others(self) -> None:
        """Raise Unreadable for a folder that holds anything but a bundle."""
        ...

    def write(self, document: str, notes: str, files: Sequence[Path]) -> None:
        """Write a bundle, whole or not at all, in place of what was there. Raises Problem."""
        ...
