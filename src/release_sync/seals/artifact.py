"""An artifact: one file that an index will serve."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Artifact:
    """A wheel or an sdist.

    ``member`` is the normalised name (PEP 503), ``size`` is in bytes, ``sha256`` is in hex.
    """

    member: str
    filename: str
    size: int
    sha256: str
