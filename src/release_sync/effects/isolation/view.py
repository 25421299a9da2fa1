"""What a program sees in a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mount(NamedTuple):
    """A file or folder of the machine (``source``), and where it is in the cell (``target``)."""

    source: str
    target: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """The files of the machine, read-only, but for these.

    ``hidden`` are seen empty, ``fresh`` are empty and writable, ``mounts`` are shown in addition.
    Paths are absolute, and no symbolic link is in them. ``network``: whether there is one.
    ``nests``: whether cells are made within; then root can write where /proc rules the machine.
    """

    mounts: Sequence[Mount] = ()
    hidden: Sequence[str] = ()
    fresh: Sequence[str] = ()
    network: bool = False
    nests: bool = False

    def described(self, root: str) -> dict[str, Any]:
        """Return it as ``cell.furnish`` reads it; ``root`` is an empty folder to begin with."""
        return {
            "root": root,
            "mounts": [list(one) for one in self.mounts],
            "hidden": list(self.hidden),
            "fresh": list(self.fresh),
            "network": self.network,
            "nests": self.nests,
        }
