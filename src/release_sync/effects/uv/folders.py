"""The folders in which uv keeps what it has, wherever it works: its cache, and its Pythons."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import CompletedProcess

KEPT = ("cache", "python")
"""What uv says the folder of, by ``uv WORD dir``."""


def made(answer: CompletedProcess[str]) -> str:
    """Return the folder that uv named, which is made; "" where it named none, or that fails."""
    own = Path(answer.stdout.strip())
    with suppress(OSError):
        own.mkdir(parents=True, exist_ok=True)
    return "" if answer.returncode or not own.is_dir() else os.path.realpath(own)
