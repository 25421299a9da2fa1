"""The links of a changelog that compare two releases: those of the next one, in the same form."""

from __future__ import annotations

import re
from typing import NamedTuple

BETWEEN = re.compile(r"\.{2,3}|%0D", re.IGNORECASE)
"""What stands between the two ends of a comparison, on any host."""

BRANCHES = frozenset({"HEAD", "main", "master", "trunk", "develop", "dev", "default"})
"""The ends that move, where no version tells which end does."""


class Comparison(NamedTuple):
    """The parts of an address that compares two ends, ``before`` and ``behind`` them."""

    before: str
    left: str
    between: str
    right: str
    behind: str

    def __str__(self) -> str:
        """Return the address."""
        return "".join(self)

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends."""
        return self.left, self.right


def comparison(url: str) -> Comparison | None:
    """Take an address apart; None for one that compares nothing."""
    found = BETWEEN.search(url)
    if found is None:
        return None
    before, behind = url[: found.start()], url[found.end() :]
    if "/compare/" in before:
        cut = before.rindex("/compare/") + len("/compare/")
    else:
        cut = max(before.rfind("/"), before.rfind("=")) + 1
    stop = re.search(r"[?#&]", behind)
    end = stop.start() if stop else len(behind)
    return Comparison(before[:cut], before[cut:], found[0], behind[:end], behind[end:])


def since(url: str, previous: str, tag: str) -> tuple[str, str] | None:
    """Return the addresses of what is unreleased, and of a release, from what is unreleased now.

    ``previous`` is the version before, ``""`` for none; ``tag`` is the release's. None where the
    address compares no release with what moves on.
    """
    found = comparison(url)
    if found is None:
        return None
    first = _is_open(found.left, previous), _is_open(found.right, previous)
    if first == (False, True):
        return str(found._replace(left=tag)), str(found._replace(right=tag))
    if first == (True, False):
        return str(found._replace(right=tag)), str(found._replace(left=tag))
    return None


def following(url: str, previous: str, tag: str) -> str | None:
    """Return the address of a release from that of the release before; None where none follows."""
    found = comparison(url)
    if found is not None:
        if previous in found.right and previous not in found.left:
            return str(found._replace(left=found.right, right=tag))
        if previous in found.left and previous not in found.right:
            return str(found._replace(left=tag, right=found.left))
        return None
    named = rf"[^/=?#]*(?<![\d.]){re.escape(previous)}(?![\d.]|\w)[^/=?#]*"
    there = list(re.finditer(named, url))
    if not there:
        return None
    return f"{url[: there[-1].start()]}{tag}{url[there[-1].end() :]}"


def _is_open(end: str, previous: str) -> bool:
    """Return whether an end of a comparison is what moves on, and no release."""
    return end in BRANCHES or previous not in end
