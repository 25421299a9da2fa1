"""Where the program uv is."""

from __future__ import annotations

import shutil
from threading import Lock

from release_sync.errors import Problem

_FINDING = Lock()
"""Until Python 3.12 ``sysconfig``, which it asks, gives half of an answer to a second thread."""

MISSING = "run `pip install uv`, or see uv's own page for other ways"


def find_uv(path: str | None = None) -> str:
    """Return the program: from PATH, or from the ``uv`` distribution. Raises Problem."""
    found = shutil.which("uv", path=path)
    if found:
        return found
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - only when PATH has none

        with _FINDING:
            return find_uv_bin()
    except (ImportError, FileNotFoundError) as error:
        raise Problem("uv is not installed, or not on PATH", hint=MISSING) from error
