"""The document of a bundle: what was sealed, for the job that uploads it and for whoever looks on.

Only the seal on the remote is believed; a bundle names it, and holds the files that it names.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.errors import Unreadable
from release_sync.seals.fields import Malformed, object_name, printable

if TYPE_CHECKING:
    from release_sync.seals.pending import Sealed

NAME = "release.json"
"""The document's file; beside it are the artifacts."""

NOTES = "notes.md"
"""The notes of the release: for who announces it. No artifact, and nothing reads them here."""

FORMAT = 1
"""The version of the document; a reader refuses a newer one."""

LARGEST = 16 << 20
"""How large a document may be, in bytes."""


class Bundle(NamedTuple):
    """What a document says that decides something: the object name of the ``seal``."""

    seal: str


def write_bundle(sealed: Sealed) -> str:
    """Return the document of a sealed release, as JSON."""
    return json.dumps(_document(sealed), indent=2) + "\n"


def parse_bundle(text: str, where: str) -> Bundle:
    """Parse a document. Raises Unreadable, which names ``where`` it is."""
    try:
        found = json.loads(text)
        if not isinstance(found, dict):
            raise Malformed("it is no object")
        number = found.get("format")
        if type(number) is int and number > FORMAT:
            raise Unreadable(
                f"{where} is of format {number}, made by a newer release-sync",
                hint="upgrade release-sync, then run the same again",
            )
        if type(number) is not int or number != FORMAT:
            raise Malformed(f"its format is {printable(str(number))}")
        return Bundle(object_name(str(found.get("seal"))))
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"{where} is no bundle of release-sync: {error}",
            hint="`release-sync prepare --output DIR` makes one",
        ) from error


def _document(sealed: Sealed) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "seal": sealed.oid,
        "candidate": sealed.candidate,
        "base": sealed.base,
        "branch": sealed.branch,
        "index": sealed.index,
        "groups": [
            {"group": one.group, "version": one.version, "tag": one.tag} for one in sealed.groups
        ],
        "levels": [list(level) for level in sealed.levels],
        "files": [
            {
                "member": one.member,
                "filename": one.filename,
                "size": one.size,
                "sha256": one.sha256,
                "attestations": [
                    {"filename": each.filename, "sha256": each.sha256} for each in one.attestations
                ],
            }
            for one in sealed.in_upload_order
        ],
        "built_with": [
            {
                "python": one.python,
                "platform": one.platform,
                "requirements": [
                    {"name": each.name, "version": each.version, "hashes": list(each.hashes)}
                    for each in one.requirements
                ],
            }
            for one in sealed.environments
        ],
        "made_by": sealed.maker,
    }
