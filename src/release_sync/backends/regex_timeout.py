"""Run regular expressions from a manifest with a time-out: some of them never end.

``re`` looks for signals while it searches, so an alarm gets through. Without a time-out a pushed
manifest could hold a server's hook for ever.
"""

from __future__ import annotations

import re
import signal
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 2.0
"""A pattern that finds a version does so in microseconds."""


class RegexTimeout(re.error):
    """A search took too long, and was given up."""


def findall(pattern: str, text: str) -> list[re.Match[str]]:
    """Return all matches of a pattern. Raises ``re.error``; RegexTimeout when it takes too long.

    The time-out holds in the main thread only, for elsewhere Python delivers no signals; and not on
    Windows, which has no alarm.
    """
    with _alarm():
        return list(re.finditer(pattern, text, re.MULTILINE))


if sys.platform == "win32":
    _alarm = nullcontext
else:

    @contextmanager
    def _alarm() -> Iterator[None]:
        try:
            before = signal.signal(signal.SIGALRM, _give_up)
        except ValueError:  # another thread
            yield
            return
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _give_up(*_: object) -> NoReturn:
    raise RegexTimeout(f"given up after {SECONDS:.0f} seconds")
