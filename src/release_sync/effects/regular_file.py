"""Files that a user or a repository names: read only where each is one, and not without an end."""

from __future__ import annotations

import os
import stat
from errno import EFBIG, EINVAL, EISDIR
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 16 << 20
"""How large a file of settings may be, in bytes."""


def read(file: Path) -> bytes:
    """Return the content of a regular file, which a link may lead to.

    Raises OSError also for a pipe, which would be waited for, for a device, and for what is larger
    than any settings.
    """
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        why = (EISDIR, os.strerror(EISDIR)) if stat.S_ISDIR(mode) else (EINVAL, "no regular file")
        raise OSError(*why, str(file))
    with os.fdopen(descriptor, "rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(EFBIG, f"it has more than {LARGEST >> 20} MiB", str(file))
    return content
