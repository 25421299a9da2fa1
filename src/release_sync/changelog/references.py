"""The links of a changelog that compare two releases: those of the next one, in the same form."""

from __future__ import annotations

import re
from typing import NamedTuple

BETWEEN = re.compile(r"\.{2,3}|%0D|&targetVersion=", re.IGNORECASE)
"""What stands between the two ends of a comparison, on any host."""

BRANCHES = frozenset({"HEAD", "main", "master", "trunk", "develop", "dev", "default"})
"""The ends that move, whatever the other one is."""

BRANCH, TAG = "GB", "GT"
"""What Azure DevOps writes before the name of an end."""


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
    new = _as_end(found, tag)
    moving = [_moves(one) for one in found.ends]
    names_none = previous and not any(map(str.isdigit, "".join(found.ends)))
    if moving[0] == moving[1] or names_none:
        moving = [moving[0] or previous not in one for one in found.ends]
    if moving == [False, True]:
        return str(found._replace(left=new)), str(found._replace(right=new))
    if moving == [True, False]:
        return str(found._replace(right=new)), str(found._replace(left=new))
    return None


def following(url: str, previous: str, tag: str) -> str | None:
    """Return the address of a release from that of the release before; None where none follows."""
    found = comparison(url)
    if found is not None:
        new = _as_end(found, tag)
        if previous in found.right and previous not in found.left:
            return str(found._replace(left=found.right, right=new))
        if previous in found.left and previous not in found.right:
            return str(found._replace(left=new, right=found.left))
        return None
    named = rf"[^/=?#]*(?<![\d.]){re.escape(previous)}(?![\d.]|\w)[^/=?#]*"
    there = list(re.finditer(named, url))
    if not there:
        return None
    return f"{url[: there[-1].start()]}{tag}{url[there[-1].end() :]}"


def _as_end(found: Comparison, tag: str) -> str:
    """Return a tag as an address names it that compares two ends."""
    return f"{TAG}{tag}" if all(one.startswith((TAG, BRANCH)) for one in found.ends) else tag


def _moves(end: str) -> bool:
    """Return whether an end of a comparison is a branch by its name."""
    return end.removeprefix(BRANCH) in BRANCHES
