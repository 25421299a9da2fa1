"""The place of a verification: where it is done, and what of the machine it may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is verified: in a scratch ``folder``, by the settings of the workspace at ``root``.

    What is outside of the set comes from ``index`` first, as ``UV_INDEX`` takes it; ``withheld``
    are packages that come from nowhere, for they are private. ``hidden`` is what no import is to
    see. ``from_trees`` are wheels that were made without an sdist, by their members' names.
    Of what was made ``elsewhere`` nothing compiled is built here: what no wheel fits is only looked
    into, and within bounds.
    """

    folder: Path
    root: Path
    index: str
    hidden: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    from_trees: Mapping[str, Path] = field(default_factory=dict)
    elsewhere: bool = False
