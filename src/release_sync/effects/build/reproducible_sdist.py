"""Sdists with the same bytes whenever and wherever they are built.

Some backends (setuptools, pdm-backend) let the time of the build into the archive: as the mtime
of files that they generate, and in the header of gzip. SOURCE_DATE_EPOCH asks for any later time to
be clamped to it (reproducible-builds.org, "SOURCE_DATE_EPOCH specification"). A clock that is
behind, or a build within the second of the commit, would still make a difference. So each sdist is
written anew, with that one time, and another machine can rebuild a release bit for bit.
"""

from __future__ import annotations

import gzip
import tarfile
from copy import copy
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

VOLATILE = ("mtime", "atime", "ctime", "uid", "gid", "uname", "gname")
"""Headers of PAX that say when and by whom, and not what."""


def normalise(sdist: Path, epoch: int) -> None:
    """Rewrite a ``.tar.gz``: every time in it is ``epoch`` (seconds), and it belongs to nobody.

    Names, contents, modes and links stay; entries are sorted, each hard link after its file.
    """
    rewritten = sdist.with_name(f"{sdist.name}.new")
    with tarfile.open(sdist) as archive, rewritten.open("wb") as raw:
        _write(archive, raw, epoch)
    rewritten.replace(sdist)


def _write(archive: tarfile.TarFile, raw: BinaryIO, epoch: int) -> None:
    with (
        gzip.GzipFile("", "wb", 9, raw, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as target,
    ):
        for entry in sorted(archive.getmembers(), key=lambda one: (one.islnk(), one.name)):
            content = archive.extractfile(entry) if entry.isreg() else None
            target.addfile(_timeless(entry, epoch), content)


def _timeless(entry: tarfile.TarInfo, epoch: int) -> tarfile.TarInfo:
    found = copy(entry)
    found.mtime = epoch
    found.uid = found.gid = 0
    found.uname = found.gname = ""
    headers = entry.pax_headers.items()
    found.pax_headers = {key: value for key, value in headers if key not in VOLATILE}
    return found
