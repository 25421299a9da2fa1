"""What differs between two archives of the same name, in words."""

from __future__ import annotations

from email.parser import BytesParser
from typing import TYPE_CHECKING

from release_sync.effects.build.artifact_store import sha256
from release_sync.effects.build.listing import listing
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from release_sync.effects.build.listing import Entry, Listing

RECORD = ".dist-info/RECORD"

HEADED = (".dist-info/METADATA", ".dist-info/WHEEL", "/PKG-INFO")
"""Files that are fields in the form of a message (core metadata, binary distribution format)."""

SHOWN = 5
"""How many of a kind are named."""

BUILDS = ("the first", "the second")
"""What two builds of one thing are called."""

ROOM = 1 << 20
"""How much more than twice as much as expected an archive may unpack to, in bytes."""


def all_differences(before: Mapping[str, Path], after: Mapping[str, Path]) -> tuple[str, ...]:
    """Return what differs between the archives of two builds, by their names."""
    found = [f"{name} is made only once" for name in sorted(before.keys() ^ after.keys())]
    for name in sorted(before.keys() & after.keys()):
        found += differences(before[name], after[name])
    return tuple(found)


def differences(one: Path, other: Path) -> list[str]:
    """Return what differs: the archive, and what in it; nothing when they are the same."""
    found = compared(one, other, BUILDS)
    return [f"{one.name} ({'; '.join(found)})"] if found else []


def compared(one: Path, other: Path, names: tuple[str, str], *, trusted: bool = True) -> list[str]:
    """Return what differs between two archives, a line each; nothing when they are the same.

    ``names`` are what they are called: "only in the first: a.py". Unless the first is ``trusted``,
    it is unpacked no further than twice what the second is.
    """
    if sha256(one) == sha256(other):
        return []
    after = listing(other)
    before = listing(one, None if trusted else 2 * after.size + ROOM)
    found = [
        f"{name}: {each.damage}" for name, each in zip(names, (before, after), strict=True)
        if each.damage
    ]  # fmt: skip
    found += [*_members(before, after, names), *_contents(before, after), *_about(before, after)]
    return found or ["the files in it are the same, it is packed otherwise"]


def _members(before: Listing, after: Listing, names: tuple[str, str]) -> Iterator[str]:
    for name, here, there in ((names[0], before, after), (names[1], after, before)):
        only = [path for path in here.entries if path not in there.entries]
        if only and not there.damage:
            yield f"only in {name}: {_some(only)}"


def _contents(before: Listing, after: Listing) -> Iterator[str]:
    """Yield what differs in the files that both have; RECORD has only the hashes of the others."""
    pairs = [(one, other) for one, other in _both(before, after) if one.sha256 != other.sha256]
    first = [pair for pair in pairs if not pair[0].path.endswith(RECORD)]
    others = before.entries.keys() != after.entries.keys()
    shown = first if first or others else pairs
    yield from (f"{one.path}: {_difference(one, other)}" for one, other in shown[:SHOWN])
    if len(shown) > SHOWN:
        yield f"and {len(shown) - SHOWN} more files with another content"


def _difference(one: Entry, other: Entry) -> str:
    """Return how the contents of two files differ."""
    for entry in (one, other):
        if "content" in entry.about:
            return entry.about["content"]
    if one.content is None or other.content is None:
        return f"another content ({one.size} → {other.size} bytes)"
    if one.path.endswith(HEADED):
        fields = _fields(one.content, other.content)
        if fields:
            return _some(fields)
    if one.size != other.size:
        return f"{one.size} → {other.size} bytes{_line(one.content, other.content)}"
    places = [number for number in range(one.size) if one.content[number] != other.content[number]]
    many = f"{len(places)} bytes differ, the first" if len(places) > 1 else "1 byte differs,"
    return f"{many} at {places[0]} of {one.size}{_line(one.content, other.content)}"


def _line(one: bytes, other: bytes) -> str:
    """Return the first line that differs, of two texts; nothing of what is none."""
    if b"\0" in one or b"\0" in other:
        return ""
    lines = zip(one.split(b"\n"), other.split(b"\n"), strict=False)
    number = next((number for number, (a, b) in enumerate(lines, 1) if a != b), 0)
    return f" (line {number})" if number else ""


def _fields(one: bytes, other: bytes) -> list[str]:
    """Return which fields of two such files differ, with their values."""
    before, after = _parsed(one), _parsed(other)
    found = []
    for name in dict.fromkeys([*before, *after]):
        gone = [value for value in before.get(name, []) if value not in after.get(name, [])]
        new = [value for value in after.get(name, []) if value not in before.get(name, [])]
        if gone or new:
            found.append(f"{name}: {', '.join(gone) or 'none'} → {', '.join(new) or 'none'}")
    return found


def _parsed(content: bytes) -> dict[str, list[str]]:
    message = BytesParser().parsebytes(content)
    found: dict[str, list[str]] = {}
    for name, value in message.items():
        found.setdefault(printable(name), []).append(printable(str(value)))
    return found


def _about(before: Listing, after: Listing) -> Iterator[str]:
    """Yield what else differs: times, modes, the order."""
    pairs = _both(before, after)
    for what in dict.fromkeys(what for one, _ in pairs for what in one.about):
        other = [
            (one.path, one.about[what], two.about[what])
            for one, two in pairs
            if what != "content" and one.about[what] != two.about.get(what)
        ]
        if other:
            path, mine, theirs = other[0]
            more = f" and {len(other) - 1} more" if len(other) > 1 else ""
            yield f"{what} of {path}{more}: {mine} → {theirs}"
    if [one.path for one, _ in pairs] != [path for path in after.entries if path in before.entries]:
        yield "the order of the files"


def _both(before: Listing, after: Listing) -> list[tuple[Entry, Entry]]:
    entries = after.entries
    return [(one, entries[path]) for path, one in before.entries.items() if path in entries]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"
