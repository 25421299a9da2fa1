"""The unpacking of tar archives, on every Python that we run on."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def unpack(archive: tarfile.TarFile, folder: Path | str) -> None:
    """Unpack an archive into a folder; nothing of it may land elsewhere.

    Python 3.11.3 and older know no filters, and refuse the argument (PEP 706, "Backporting &
    Forward Compatibility"): there the archive is trusted, which we or the user's git made.
    """
    archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
    archive.extractall(folder)  # noqa: S202 - filtered, by the line above
