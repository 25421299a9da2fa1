"""An attestation: a signed statement about one artifact (PEP 740)."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

VERIFIED = "verified"

SUFFIX = ".attestation"
"""Ends the name of a file with an attestation; before it is its kind, and the artifact's name."""


_NAME = re.compile(rf"(?P<artifact>.+)\.[a-z0-9]+{re.escape(SUFFIX)}")


def attested_by(name: str) -> str:
    """Return the name of the artifact that a file attests, by its own name; "" for no attestation.

    See PEP 740, and how uv and twine find them.
    """
    match = _NAME.fullmatch(name)
    return match["artifact"] if match else ""


class AttestationFile(NamedTuple):
    """A file with an attestation: it is uploaded with its artifact, and never by itself.

    It is called `ARTIFACT.KIND.attestation`, the kind being `publish` as a rule: uv and twine find
    it by that name. ``sha256`` is in hex.
    """

    filename: str
    sha256: str


class Attestation(NamedTuple):
    """What an attestation of an artifact says, and what was seen of it.

    ``publisher`` is in words whose it is; ``predicate`` the URI of what it states. ``signature`` is
    ``VERIFIED``, or says why it was not. ``problem`` is what is wrong with it, if anything.
    """

    publisher: str
    predicate: str = ""
    signature: str = ""
    problem: str = ""

    @property
    def words(self) -> str:
        """Whose it is, what it states, and whether that was verified."""
        what = urlsplit(self.predicate).path.strip("/") or self.predicate
        signed = "signature verified" if self.signature == VERIFIED else self.signature
        return f"{self.publisher}: {what}{f'; {signed}' if signed else ''}"
