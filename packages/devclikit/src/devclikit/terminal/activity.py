"""What is going on, in words: what, how many of how many, since when."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Tell: TypeAlias = "Callable[[str, float, float, str], None]"
"""Told what is being done, how much is done, of how much (0: nobody knows), and the unit."""

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
PER_SECOND = 10

FIRST = 1.0
"""After so many seconds what is going on is said where nothing moves."""

LATER = 10.0
"""After so many it is said again, and then after twice as many each time."""


@dataclass
class Activity:
    """Something that is going on: a step, or what is between steps.

    ``amounts`` has, for each unit, how much of ``what`` is done, of how much, and when that was
    said (monotonic seconds, as ``began``).
    """

    words: str
    stage: str = ""
    began: float = field(default_factory=time.monotonic)
    pause: float = FIRST
    what: str = ""
    amounts: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def tell(self, what: str, done: float, total: float, unit: str) -> None:
        """Keep how far it is."""
        if what != self.what:
            self.what, self.amounts = what, {}
        self.amounts[unit] = (done, total, time.monotonic())

    def is_news(self, now: float) -> bool:
        """Return whether it is time to say it where nothing moves; then that is for a while."""
        if now - self.began < self.pause:
            return False
        while now - self.began >= self.pause:
            self.pause = LATER if self.pause < LATER else 2 * self.pause
        return True

    def line(self, now: float) -> str:
        """Return all of it in one line."""
        far = [
            amount(done + (now - said if unit == "seconds" else 0), total, unit)
            for unit, (done, total, said) in list(self.amounts.items())
            if total
        ]
        what = "" if self.words.startswith(self.what) else self.what
        since = "" if "seconds" in self.amounts else duration(now - self.began)
        told = ", ".join(filter(None, (what, *far, since)))
        return f"{self.words}: {told}" if told else self.words

    def count(self) -> str:
        """Return ``3/8``, or nothing where that is not known."""
        amounts = list(self.amounts.items())
        counted = [(done, of) for unit, (done, of, _) in amounts if unit in COUNTED]
        return "".join(f" {done:.0f}/{of:.0f}" for done, of in counted if of)


def spinner(now: float) -> str:
    """Return the sign of what is going on; it turns with the time."""
    return SPINNER[int(now * PER_SECOND) % len(SPINNER)]


UNITS = ("bytes", "kB", "MB", "GB", "TB")

COUNTED = frozenset({"packages", "files", "modules", "boundaries"})


def amount(done: float, total: float, unit: str) -> str:
    """Return ``3 of 8 packages``, ``1.2 MB of 3.4 MB`` or ``12 of 300 s``."""
    if unit == "seconds":
        return f"{duration(min(done, total)) or '0 s'} of {duration(total)}"
    if unit == "bytes":
        return f"{size(int(done))} of {size(int(total))}"
    return f"{done:.0f} of {total:.0f} {unit}"


def size(number: int) -> str:
    """Return ``41 bytes``, or ``1.2 MB``, which are of 1,000,000 bytes."""
    power = min((len(str(number)) - 1) // 3, len(UNITS) - 1)
    return f"{number / 1000**power:.1f} {UNITS[power]}" if power else f"{number} bytes"


def duration(seconds: float) -> str:
    """Return ``12 s`` or ``3 min 05 s``; nothing for less than a second."""
    minutes, left = divmod(int(seconds), 60)
    if minutes:
        return f"{minutes} min {left:02} s"
    return f"{left} s" if left else ""
