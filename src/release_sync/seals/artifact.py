"""An artifact: one file that an index will serve; and what is expected of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.seals.attestation import AttestationFile
    from release_sync.seals.built_with import BuiltWith


class Level(Enum):
    """How thoroughly artifacts are verified."""

    METADATA = "metadata"
    """Each by itself, and nothing is installed."""
    QUICK = "quick"
    """And all wheels are installed together, and imported."""
    FULL = "full"
    """And each member is installed alone, on several Pythons, from its wheel and its sdist."""


@dataclass(frozen=True, slots=True, order=True)
class Artifact:
    """A wheel or an sdist.

    ``member`` is the normalised name (PEP 503), ``size`` is in bytes, ``sha256`` is in hex. It is
    uploaded with its ``attestations``, if it came with some.
    """

    member: str
    filename: str
    size: int
    sha256: str
    attestations: tuple[AttestationFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """The expected metadata of a member's artifacts; it ``requires`` siblings so (PEP 508).

    The index ``accepts`` what public ones refuse, and files of at most ``largest`` bytes; 0 is
    for any. They are verified to a ``level``, and what is
    ``not_imported`` is only installed.
    """

    name: str
    folder: str
    version: str
    requires: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    largest: int = 0
    level: Level = Level.QUICK
    not_imported: tuple[str, ...] = ()


class Artifacts(NamedTuple):
    """Built artifacts, and what they were built with.

    ``notes`` are what the builds did that they have no business with, a line each.
    """

    files: tuple[Artifact, ...]
    notes: tuple[str, ...] = ()
    environments: tuple[BuiltWith, ...] = ()


def with_attestations(artifacts: Iterable[Artifact]) -> Iterator[Artifact | AttestationFile]:
    """Yield every file that is sent: each artifact, and the attestations of it."""
    for one in artifacts:
        yield one
        yield from one.attestations
