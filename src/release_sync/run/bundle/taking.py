"""``resume --artifacts``: upload exactly the files of a bundle, and build nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Refused
from release_sync.seals.artifact import with_attestations
from release_sync.seals.bundle import NAME, NOTES, parse_bundle
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from release_sync.run.bundle.folder import Folder
    from release_sync.run.context import Context
    from release_sync.run.pending import Found

SHOWN = 5
"""How many files are named."""


def seal_of(folder: Folder, approved: str) -> str:
    """Return the object name of the seal that a bundle is of.

    ``approved`` is the one that may be finished, if that was said; it is returned where there is no
    document. Raises Unreadable for what is no bundle, Refused for that of another release.
    """
    if NAME not in folder.names():
        return approved
    seal = parse_bundle(folder.document(), f"{folder}/{NAME}").seal
    if approved not in ("", seal):
        raise Refused(
            f"the bundle in {folder} is of the seal {seal}, and {approved} was approved",
            hint="nothing was changed; hand over what was approved",
        )
    return seal


def take(context: Context, found: Found, folder: Folder) -> None:
    """Keep the files of a bundle, once each is what the seal on the remote says.

    Raises Refused for what `compare` refuses, and for other bytes; Unreadable, too.
    """
    compare(found, folder)
    sealed = found.sealed
    context.world(sealed.group, sealed.index).store.take(folder.folder, sealed.artifacts)


def compare(found: Found, folder: Folder) -> None:
    """Compare the names of the files in a bundle with those in the seal on the remote.

    Of what was made elsewhere the files alone will do. Raises Refused for one that is missing or
    one too many; Unreadable where another bundle has no document.
    """
    sealed = found.sealed
    if not sealed.reserved:
        folder.document()
    there, expected = (
        {*folder.names()},
        {one.filename for one in with_attestations(sealed.artifacts)},
    )
    for words, names in (
        ("lacks", sorted(expected - there)),
        ("has, and the seal has not,", sorted(there - expected - {NAME, NOTES})),
    ):
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            raise Refused(
                f"{folder} {words} {printable(', '.join(names[:SHOWN]))}{more}",
                hint=f"nothing was changed; hand over what was sealed as {sealed.name}",
            )
