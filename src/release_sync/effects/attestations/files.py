"""Attestations that artifacts come with, in files beside them: checked, and kept with them."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from release_sync.effects.attestations.signature import file_problem
from release_sync.errors import Problem
from release_sync.seals.attestation import SUFFIX, AttestationFile, attested_by
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from release_sync.seals.artifact import Artifact

LARGEST = 1 << 20
"""How large an attestation may be, in bytes: they have some ten thousand."""


def take_attestations(
    folder: Path, artifacts: Sequence[Artifact], incoming: Path
) -> tuple[Artifact, ...]:
    """Copy the attestations in a folder to where a store takes artifacts from; return these.

    Each of them names its attestations then. Raises one Problem with all that don't hold, or are
    not of these artifacts.
    """
    by_name, wrong = {one.filename: one for one in artifacts}, []
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        artifact = by_name.get(attested_by(file.name))
        content = _read(file)
        if artifact is None:
            problem = "it lies beside no artifact of this release"
        elif content is None:
            problem = f"it is no file of at most {LARGEST} bytes"
        else:
            problem = file_problem(content, artifact)
        if problem or artifact is None or content is None:
            wrong.append(f"{printable(file.name)}: {problem}")
            continue
        (incoming / file.name).write_bytes(content)
        one = AttestationFile(file.name, sha256(content).hexdigest())
        by_name[artifact.filename] = replace(artifact, attestations=(*artifact.attestations, one))
    if wrong:
        raise Problem(
            f"attestations that don't hold: {'; '.join(wrong)}",
            hint="make them anew, of these very files; or take them away",
        )
    return tuple(by_name[one.filename] for one in artifacts)


def _read(file: Path) -> bytes | None:
    """Return what is in a file; None for a link, what is no file, and what is too large."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST:
        return None
    return file.read_bytes()
