"""Sdists with the same bytes whenever and wherever they are built.

Some backends (setuptools, pdm-backend) let the time of the build into the archive: as the mtime
of files that they generate, and in the header of gzip. SOURCE_DATE_EPOCH asks for any later time to
be clamped to it (reproducible-builds.org, "SOURCE_DATE_EPOCH specification"); where a backend does
not, it is done here, so that another machine can rebuild a release bit for bit.
"""

from __future__ import annotations

import gzip
import struct
import tarfile
from copy import copy
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

VOLATILE = ("mtime", "atime", "ctime", "uid", "gid", "uname", "gname")
"""Headers of PAX that say when and by whom, and not what."""


def normalise(sdist: Path, epoch: int) -> bool:
    """Rewrite a ``.tar.gz`` with times later than ``epoch`` (seconds); return whether it had any.

    Names, contents, modes and links stay; entries are sorted, and belong to nobody.
    """
    with tarfile.open(sdist) as archive:
        if _gzip_time(sdist) <= epoch and all(one.mtime <= epoch for one in archive):
            return False
        rewritten = sdist.with_name(f"{sdist.name}.new")
        with rewritten.open("wb") as raw:
            _write(archive, raw, epoch)
    rewritten.replace(sdist)
    return True


def _write(archive: tarfile.TarFile, raw: BinaryIO, epoch: int) -> None:
    with (
        gzip.GzipFile("", "wb", 9, raw, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as target,
    ):
        for entry in sorted(archive.getmembers(), key=lambda one: one.name):
            content = archive.extractfile(entry) if entry.isreg() else None
            target.addfile(_clamped(entry, epoch), content)


def _clamped(entry: tarfile.TarInfo, epoch: int) -> tarfile.TarInfo:
    found = copy(entry)
    found.mtime = min(int(entry.mtime), epoch)
    found.uid = found.gid = 0
    found.uname = found.gname = ""
    headers = entry.pax_headers.items()
    found.pax_headers = {key: value for key, value in headers if key not in VOLATILE}
    return found


def _gzip_time(sdist: Path) -> int:
    """Return MTIME of the gzip header (RFC 1952): bytes 4 to 8, little endian."""
    with sdist.open("rb") as stream:
        return int(struct.unpack("<I", stream.read(8)[4:8])[0])
