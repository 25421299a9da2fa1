"""The entries of an archive that a stranger may have made: listed in order, and within bounds."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zipfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NamedTuple

from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CHUNK = 1 << 16
KEPT = 16 << 20
"""How much of an archive is kept in memory to be shown, in bytes; of the rest only its hash is."""

_PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What wheels are compressed by. Of the others, zipfile unpacks 4 KiB to gigabytes at once."""


LONGEST = 1 << 12
"""How large a header of a tar archive may be, in bytes, that says more of the next entry."""

_EXTENDED = frozenset({
    tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
})  # fmt: skip


class Entry(NamedTuple):
    """A file, a folder or a link in an archive.

    ``path`` can be shown; of several with one name each has its number. ``content`` is None where
    it was not kept. ``about`` is all else that an archive says of it, by what that is.
    """

    path: str
    size: int
    sha256: str
    content: bytes | None
    about: Mapping[str, str]


class Listing(NamedTuple):
    """The entries of an archive by their paths, and in words what kept the rest from being read."""

    entries: Mapping[str, Entry]
    damage: str = ""

    @property
    def size(self) -> int:
        """What it unpacks to, in bytes."""
        return sum(one.size for one in self.entries.values())


class TooLarge(ValueError):  # noqa: N818 - it says what an archive is
    """An archive unpacks to more than it may."""


@dataclass
class _Bounds:
    """What may still be unpacked, and what may still be kept, in bytes. ``most`` of None is any."""

    most: int | None
    kept: int = KEPT
    left: int = field(init=False)

    def __post_init__(self) -> None:
        """Begin with all of it."""
        self.left = self.most or 0

    def spend(self, size: int) -> None:
        """Count what is unpacked. Raises TooLarge."""
        self.left -= size
        if self.most is not None and self.left < 0:
            raise TooLarge(f"it unpacks to more than {self.most} bytes")


class _Header(tarfile.TarInfo):
    """A header that is no longer than is used: Pythons before 3.11.10 take hours for a MiB of one.

    tarfile says of this method that it is there to be overridden. See CVE-2024-6232.
    """

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _EXTENDED and self.size > LONGEST:
            raise tarfile.ReadError(f"it has a header of more than {LONGEST} bytes")
        found: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]  # see above
        return found


class _Bounded:
    """A stream of which no more is read than is allowed: headers, too, can be of any size."""

    def __init__(self, stream: gzip.GzipFile, bounds: _Bounds) -> None:
        self.stream = stream
        self.bounds = bounds

    def read(self, size: int) -> bytes:
        """Read. Raises TooLarge."""
        content = self.stream.read(size)
        self.bounds.spend(len(content))
        return content


def listing(file: Path, most: int | None = None) -> Listing:
    """List a wheel or an sdist, and unpack no more than ``most`` bytes of it. Raises nothing.

    What can't be read of it is said.
    """
    found: dict[str, Entry] = {}
    bounds = _Bounds(most)
    try:
        for one in _zipped(file, bounds) if _is_zip(file) else _tarred(file, bounds):
            path, number = one.path, 2
            while path in found:
                path, number = f"{one.path} ({number})", number + 1
            found[path] = one._replace(path=path)
    except Exception as error:  # noqa: BLE001 - a stranger's bytes: nothing can be ruled out
        last = next(reversed(found), "")
        where = f" behind {last}" if last else ""
        return Listing(found, f"it can't be read{where}: {printable(str(error))}")
    return Listing(found)


def _is_zip(file: Path) -> bool:
    return file.suffix in {".whl", ".zip"}


def _zipped(file: Path, bounds: _Bounds) -> Iterator[Entry]:
    with zipfile.ZipFile(file) as archive:
        for one in archive.infolist():
            about = {
                "time": "{}-{:02}-{:02} {:02}:{:02}:{:02}".format(*one.date_time),
                "mode": f"{one.external_attr >> 16:o}",
                "compression": str(one.compress_type),
                "flags": f"{one.flag_bits:x}",
                "system": str(one.create_system),
                "extra field": one.extra.hex()[:40],
                "comment": printable(repr(one.comment)),
            }
            path = printable(one.orig_filename)
            if one.compress_type not in _PLAIN:
                yield Entry(path, 0, "", None, {**about, "content": "of unknown compression"})
                continue
            bounds.spend(one.file_size)
            try:
                with archive.open(one) as stream:
                    yield _read(path, stream, about, bounds)
            except Exception as error:  # noqa: BLE001 - the same; and the others may be readable
                damaged = f"damaged ({printable(str(error))})"
                yield Entry(path, 0, "", None, {**about, "content": damaged})


def _tarred(file: Path, bounds: _Bounds) -> Iterator[Entry]:
    with gzip.open(file) as packed:
        stream = _Bounded(packed, bounds)
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header) as archive:  # type: ignore[call-overload]  # it reads
            for one in archive:
                about = {
                    "time": str(one.mtime),
                    "mode": f"{one.mode:o}",
                    "owner": printable(f"{one.uname or one.uid}:{one.gname or one.gid}"),
                    "kind": one.type.decode("ascii", "replace"),
                    "target": printable(one.linkname),
                }
                content = archive.extractfile(one) if one.isreg() else None
                yield _read(printable(one.name), content, about, bounds)
        while stream.read(CHUNK):  # what is behind it, and the checksum of all
            pass


def _read(path: str, stream: IO[bytes] | None, about: Mapping[str, str], bounds: _Bounds) -> Entry:
    """Read an entry whose size is counted, or whose stream counts by itself."""
    digest, size, content = hashlib.sha256(), 0, bytearray()
    while chunk := stream.read(CHUNK) if stream is not None else b"":
        digest.update(chunk)
        size += len(chunk)
        if bounds.kept > 0:
            content += chunk
            bounds.kept -= len(chunk)
    whole = bytes(content) if len(content) == size else None
    return Entry(path, size, digest.hexdigest(), whole, about)
