"""The real clock."""

from __future__ import annotations

import time


class SystemClock:
    """Implements the port ``Clock`` with a monotonic clock."""

    def now(self) -> float:
        """Return seconds since an arbitrary moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
