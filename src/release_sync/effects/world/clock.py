"""The real clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from release_sync.effects.processes import Children


class SystemClock:
    """Implements the port ``Clock`` with a monotonic clock."""

    def __init__(self, children: Children) -> None:
        """Wait for no longer than ``children`` may be at work."""
        self.children = children

    def now(self) -> float:
        """Return seconds since an arbitrary moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait. Raises KeyboardInterrupt when the release was interrupted meanwhile."""
        self.children.sleep(seconds)
