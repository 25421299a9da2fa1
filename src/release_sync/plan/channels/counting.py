"""Counting up: from what a line has released to a version that is behind all that are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.version import Version

from release_sync.plan.version import (
    LEVELS,
    PRE_LEVELS,
    RELEASE_LEVELS,
    bumped,
    chosen,
    parsed,
    without_dev,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOTHING = Version("0.dev0")
"""No version is lower."""

COUNTED = (*PRE_LEVELS, "post", "dev")
"""The levels that have a number of their own."""


def next_version(
    here: str, latest: str, final: str, levels: Sequence[str], version: str | None
) -> tuple[str, str]:
    """Return the version that a release goes on from, and its own.

    ``here`` is the version in the files; ``latest`` and ``final`` are the latest release of this
    line and the latest that is no pre-release, each ``""`` for none. Raises Problem.
    """
    now, before = parsed(here), parsed(final)
    if now is not None and now.is_devrelease and version is None:
        wanted = _behind_development(now, before, levels)
        if wanted is not None and (before is None or wanted > before):
            since = here if goes_on_from_the_latest(levels) else final
            return since, chosen(here, levels, str(wanted))
    goes_on = goes_on_from_the_latest(levels) or not (here or final)
    if not levels and (now is None or now.pre is not None):  # it is counted up
        goes_on |= _is_early(latest)
    released = latest if goes_on else final
    current = max((here, released), key=lambda one: parsed(one) or _NOTHING)
    if version is not None and parsed(version) == parsed(released) != now:
        current = here  # it is released, and not at this commit: its tag says more
    return current, chosen(current, levels, version)


def _behind_development(
    now: Version, final: Version | None, levels: Sequence[str]
) -> Version | None:
    """Return the release that levels lead to where the files have a development version.

    ``patch`` after 1.3.0 is 1.3.1, also at 1.3.1.dev0, and ``minor`` is 1.4.0; at 2.0.0.dev0 they
    are 2.0.0. ``rc`` at 1.4.0rc2.dev0 is 1.4.0rc2, and ``dev`` is of the version that is written.
    None is for levels that mean what uv means, after the latest release.
    """
    own = without_dev(now)
    if [*levels] == ["dev"]:
        return bumped(now, levels)
    if _is_pre(levels):
        (letter,) = (PRE_LEVELS[one] for one in levels)
        return own if own.pre is not None and own.pre[0] == letter else None
    if final is None or not {*levels} & {*RELEASE_LEVELS, "post"}:
        return None
    wanted = bumped(final, levels)
    if wanted > now or "post" in levels:
        return wanted
    return bumped(own, [one for one in levels if one not in RELEASE_LEVELS])


def _is_early(version: str) -> bool:
    """Return whether it is an a, b or rc, and no development version."""
    one = parsed(version)
    return one is not None and one.pre is not None and not one.is_devrelease


def _is_pre(levels: Sequence[str]) -> bool:
    return len(levels) == 1 and levels[0] in PRE_LEVELS


def goes_on_from_the_latest(levels: Iterable[str]) -> bool:
    """Return whether levels go on from the latest release, be it a pre-release.

    All others go on from the latest final one: what a nightly precedes is still to be released.
    """
    wanted = {*levels}
    return bool(wanted) and wanted <= {*PRE_LEVELS, "dev", "stable"}


def is_counted(levels: Iterable[str]) -> bool:
    """Return whether the last of some levels has a number of its own."""
    return _last(levels) in COUNTED


def counted_up(version: str, levels: Iterable[str], taken: Iterable[str]) -> str:
    """Return a bumped version, counted up until it is behind all of its series that are taken.

    The series of 1.3.1.dev1 is 1.3.1.dev2, dev3 and so on. A level that has no number of its own
    (``minor``, ``stable``) leads to the same version, whatever is taken.
    """
    level, first = _last(levels), parsed(version)
    if level not in COUNTED or first is None:
        return version
    others = filter(None, map(parsed, taken))
    behind = max((one for one in others if _is_of(one, first, level)), default=None)
    return version if behind is None else str(bumped(behind, [level]))


def is_of_series(version: str, first: str, levels: Iterable[str]) -> bool:
    """Return whether some levels, which lead to a ``first`` version, may have counted up to it."""
    one, begins = parsed(version), parsed(first)
    if one is None or begins is None:
        return False
    return one == begins or (is_counted(levels) and _is_of(one, begins, _last(levels)))


def following(version: str) -> str:
    """Return the development version that comes after a release; ``""`` for none.

    After a pre-release it is one of the next of these (1.4.0rc2.dev0), after a development version
    there is none, and after all others it is one of the next patch release.
    """
    released = parsed(version.partition("+")[0])
    if released is None or released.is_devrelease:
        return ""
    letter = released.pre[0] if released.pre and released.post is None else ""
    level = next((one for one, short in PRE_LEVELS.items() if short == letter), "patch")
    return f"{bumped(released, [level])}.dev0"


def _last(levels: Iterable[str]) -> str:
    return max(levels, key=LEVELS.index, default="")


def _is_of(one: Version, first: Version, level: str) -> bool:
    """Return whether a version is of the series that begins with the ``first``."""
    return one >= first and _series(one, level) == _series(first, level)


def _series(version: Version, level: str) -> tuple[object, ...]:
    """Return what the versions of a series have in common: all but the number of the level."""
    release = list(version.release)
    while release and not release[-1]:  # 1.2 and 1.2.0 are one (PEP 440)
        release.pop()
    pre, post, dev = version.pre, version.post, version.dev
    kinds = {"dev": (pre, post, dev is None), "post": (pre, post is None, dev)}
    return (
        version.epoch,
        *release,
        version.local,
        *kinds.get(level, (pre and pre[0], post, dev)),
    )
