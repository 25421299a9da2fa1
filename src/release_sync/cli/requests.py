"""What is to be released, as it was typed: groups, levels and versions."""

from __future__ import annotations

from typing import NamedTuple

from release_sync.configuration.values import suggestion
from release_sync.errors import Unreadable
from release_sync.plan.facts import Request
from release_sync.plan.version import LEVELS
from release_sync.standards.versions import is_version

EVERY_LEVEL = (*LEVELS, "none")


class Spoken(NamedTuple):
    """Levels and versions, each of one group, or of none that was named."""

    levels: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]


def spoken(words: tuple[str, ...], levels: tuple[str, ...], versions: tuple[str, ...]) -> Spoken:
    """Return what was said with the options, and without. Raises Unreadable."""
    to = [_parted(one) for one in levels]
    at = [_parted(one) for one in versions]
    for _, level in to:
        if level not in EVERY_LEVEL:
            raise Unreadable(f"{level!r} is no level", _meant(level))
    for group, word in map(_parted, words):
        if word in EVERY_LEVEL:
            to.append((group, word))
        elif is_version(word):
            at.append((group, word))
        else:
            raise Unreadable(f"{word!r} is neither a level nor a version (PEP 440)", _meant(word))
    return Spoken(tuple(to), tuple(at))


def asked(
    said: Spoken, groups: tuple[str, ...], *, every: bool = False, changed: bool = False
) -> Request:
    """Make a request of what was said. Raises Unreadable for what excludes each other."""
    ways = {"`--group`": bool(groups), "`--all`": every, "`--changed`": changed}
    given = [way for way, is_given in ways.items() if is_given]
    if len(given) > 1:
        raise Unreadable(f"{' and '.join(given)} exclude each other", hint="give one of them")
    for group in dict.fromkeys(group for group, _ in (*said.levels, *said.versions)):
        _refuse(
            [level for name, level in said.levels if name == group],
            [version for name, version in said.versions if name == group],
        )
    named = tuple(dict.fromkeys(groups)) or ("",)
    plain = [version for group, version in said.versions if not group]
    return Request(
        group=named[0],
        others=named[1:],
        every=every,
        changed=changed,
        levels=tuple(level for group, level in said.levels if not group),
        version=plain[0] if plain else None,
        group_levels=tuple(one for one in said.levels if one[0]),
        group_versions=tuple(one for one in said.versions if one[0]),
    )


def _refuse(levels: list[str], versions: list[str]) -> None:
    if len(versions) > 1:
        raise Unreadable(f"two versions: {versions[0]} and {versions[1]}", hint="give one of them")
    if levels and versions:
        raise Unreadable("a level and a version exclude each other", hint="give one of them")
    if "none" in levels and len(levels) > 1:
        raise Unreadable("`none` goes with no other level", hint="give one of them")


_PAIR = "write GROUP=LEVEL or GROUP=VERSION, such as `--bump unstable=minor`"


def _parted(word: str) -> tuple[str, str]:
    """Return the group that a word names before a ``=``, and the rest. Raises Unreadable."""
    group, sign, rest = word.rpartition("=")
    if sign and not (group and rest):
        raise Unreadable(
            f"{word!r} names no {'version or level' if group else 'group'}", hint=_PAIR
        )
    return group, rest


def _meant(word: str) -> str:
    """Return a hint for a word that is neither a level nor a version."""
    if word.lstrip("vV")[:1].isdigit():
        return "a version is written as 1.3.0, or 1.3.0rc1"
    close = suggestion(word, EVERY_LEVEL)
    if close.startswith("did you mean"):
        return close
    return f"a level is one of {', '.join(EVERY_LEVEL)}; a group is named with `--group`"
