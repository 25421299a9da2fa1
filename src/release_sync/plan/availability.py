"""The availability of a version on the index, by the index's answer."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from release_sync.plan.version import parsed
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.steps.uploading.served import Served

UNKNOWN = "?"
NOTHING = "-"


class Availability(Enum):
    """The availability of a version on the index. Only a page can prove that it is not there."""

    TAKEN = "the project's page lists it"
    EMPTY = "the project's page lists it, without a file"
    UNLISTED = "the project's page does not list it"
    NO_PROJECT = "404, of a project that was never released to this index"
    HIDDEN = "404, of a project that this index has served before"
    UNKNOWN = "no answer"


def availability(served: Served, version: str, before: str | None) -> Availability:
    """Return what an answer means. ``before`` is a tag that proves an earlier release, or None."""
    if served.reply is Reply.UNKNOWN:
        return Availability.UNKNOWN
    if served.reply is Reply.NOT_FOUND:
        return Availability.NO_PROJECT if before is None else Availability.HIDDEN
    if lists(served, version):
        return Availability.TAKEN
    return Availability.EMPTY if _has(served.empty, version) else Availability.UNLISTED


def newest(served: Served, before: str | None, sending: str | None = None) -> str:
    """Return the newest version on the index; ``-`` for none, ``?`` where nobody knows.

    ``sending`` is a version of which an upload has begun, ``""`` one that could not be read: until
    the index lists it, nobody knows what is there.
    """
    if served.reply is Reply.UNKNOWN:
        return UNKNOWN
    if served.reply is Reply.NOT_FOUND:
        return NOTHING if before is None and sending is None else UNKNOWN
    if sending is not None and not lists(served, sending):
        return UNKNOWN
    return served.versions[-1] if served.versions else NOTHING


def lists(served: Served, version: str) -> bool:
    """Return whether a page lists a version, however it is spelled (``1.0`` is ``1.0.0``)."""
    return _has(served.versions, version)


def files(served: Served, version: str) -> tuple[str, ...]:
    """Return the names of the files of a version, however it is spelled."""
    return next(
        (names for one, names in served.files.items() if parsed(one) == parsed(version)), ()
    )


def _has(versions: Iterable[str], version: str) -> bool:
    wanted = parsed(version)
    return wanted is not None and wanted in {parsed(one) for one in versions}
