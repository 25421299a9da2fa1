"""Run regular expressions from a manifest with a time-out: some of them never end.

``re`` looks for signals while it searches, so an alarm gets through. Without a time-out a pushed
manifest could hold a server's hook for ever.
"""

from __future__ import annotations

import re
import signal
from typing import NoReturn

SECONDS = 2.0
"""A pattern that finds a version does so in microseconds."""


class RegexTimeout(re.error):
    """A search took too long, and was given up."""


def findall(pattern: str, text: str) -> list[re.Match[str]]:
    """Return all matches of a pattern. Raises ``re.error``; RegexTimeout when it takes too long.

    The time-out holds in the main thread only; elsewhere Python delivers no signals.
    """
    try:
        before = signal.signal(signal.SIGALRM, _give_up)
    except ValueError:  # another thread
        return list(re.finditer(pattern, text, re.MULTILINE))
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return list(re.finditer(pattern, text, re.MULTILINE))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _give_up(*_: object) -> NoReturn:
    raise RegexTimeout(f"given up after {SECONDS:.0f} seconds")
