"""An artifact: one file that an index will serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from release_sync.seals.built_with import BuiltWith


@dataclass(frozen=True, slots=True, order=True)
class Artifact:
    """A wheel or an sdist.

    ``member`` is the normalised name (PEP 503), ``size`` is in bytes, ``sha256`` is in hex.
    """

    member: str
    filename: str
    size: int
    sha256: str


class Artifacts(NamedTuple):
    """Built artifacts, and what they were built with.

    ``notes`` are what the builds did that they have no business with, a line each.
    """

    files: tuple[Artifact, ...]
    notes: tuple[str, ...] = ()
    environments: tuple[BuiltWith, ...] = ()
