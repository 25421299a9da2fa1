"""Files that say one change each, and what it asks of the next version: ``.changes/NAME.md``.

They are collected in the changelog by the release that has them, and removed then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from release_sync.changelog.headings import is_closed
from release_sync.changelog.prose import lines
from release_sync.standards.names import is_name, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDER = ".changes"
MARK = "---"
LEVELS = ("major", "minor", "patch", "none")
"""What a change asks for, the greatest first; ``none`` is for what nobody needs to know."""

KEYS = ("level", "members")
WORDS = 6
"""So many words of a text make the name of its file."""


class Change(NamedTuple):
    """A change: the ``level`` that it asks for, whom it is of, and what is said of it.

    ``members`` are normalised names; none stand for the whole group that the root is in.
    """

    path: str
    level: str
    members: tuple[str, ...]
    text: str


class BadChange(ValueError):  # noqa: N818 - what it is
    """A file that is no change; ``start`` and ``end`` say where, in characters."""

    def __init__(self, message: str, start: int, end: int) -> None:
        """Keep what and where."""
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


def is_change_file(name: str) -> bool:
    """Return whether a file of the folder is one, by its name."""
    return name.endswith(".md") and name.lower() != "readme.md" and not name.startswith(".")


def looks_like_one(text: str) -> bool:
    """Return whether a text begins as a change does: other tools keep files in such a folder."""
    begun = lines(text.removeprefix("\ufeff"))
    head = [line.text.strip() for _, line in zip(range(4), begun, strict=False)]
    return head[:1] == [MARK] and any(one.startswith("level:") for one in head[1:])


def change(path: str, text: str) -> Change:
    """Read a file of a change. Raises BadChange."""
    every = list(lines(text))
    marks = [n for n, line in enumerate(every) if line.text.removeprefix("\ufeff").strip() == MARK]
    if not marks or marks[0] != 0 or len(marks) == 1:
        end = every[0].stop if every else 0
        raise BadChange(f"it does not begin with {MARK}, its level, and {MARK}", 0, end)
    found: dict[str, str] = {}
    for line in every[1 : marks[1]]:
        key, colon, value = (part.strip() for part in line.text.partition(":"))
        if not line.text.strip() or key.startswith("#"):
            continue
        if not colon or key not in KEYS or key in found:
            message = f"{line.text.strip()!r} is neither its level nor its members"
            raise BadChange(message, line.start, line.stop)
        found[key] = value
        _checked(key, value, line.start, line.stop)
    if "level" not in found:
        raise BadChange("it has no level", 0, every[0].stop)
    said = text[every[marks[1]].end :].strip("\r\n \t")
    if not said and found["level"] != "none":
        raise BadChange("it says nothing", every[marks[1]].start, len(text))
    if not is_closed(said):
        message = "its text leaves a block of code, or a comment, open"
        raise BadChange(message, every[marks[1]].end, len(text))
    return Change(path, found["level"], _names(found.get("members", "")), said)


def _checked(key: str, value: str, start: int, end: int) -> None:
    if key == "level" and value not in LEVELS:
        raise BadChange(f"its level {value!r} is none of {', '.join(LEVELS)}", start, end)
    if key == "members" and not (_names(value) and all(map(is_name, _names(value)))):
        raise BadChange(f"{value!r} are no members: write them as [low, mid]", start, end)


def _names(value: str) -> tuple[str, ...]:
    inner = value.strip().removeprefix("[").removesuffix("]")
    return tuple(normalise(one.strip().strip("\"'")) for one in inner.split(",") if one.strip())


def written(level: str, members: Sequence[str], text: str) -> str:
    """Return a file of a change."""
    named = f"members: [{', '.join(members)}]\n" if members else ""
    said = f"\n{text.strip()}\n" if text.strip() else ""
    return f"{MARK}\nlevel: {level}\n{named}{MARK}\n{said}"


def of_others(text: str, members: Sequence[str]) -> str:
    """Return a file with these members left in it, its others being released."""
    for line in lines(text):
        if line.text.partition(":")[0].strip() == "members":
            return f"{text[: line.start]}members: [{', '.join(members)}]{text[line.stop :]}"
    return text


def named(text: str, taken: Iterable[str]) -> str:
    """Return a name for a file of a change, from its text; none that is ``taken``."""
    words = re.findall(r"[a-z0-9]+", text.lower())[:WORDS]
    stem = "-".join(words) or "change"
    there = set(taken)
    names = (f"{stem}{f'-{n}' if n > 1 else ''}.md" for n in range(1, len(there) + 2))
    return next(one for one in names if one not in there)


def greatest(changes: Iterable[Change]) -> str:
    """Return the greatest level that some changes ask for; ``""`` for none."""
    asked = sorted((one.level for one in changes if one.level != "none"), key=LEVELS.index)
    return asked[0] if asked else ""


def folded(changes: Iterable[Change], owners: Mapping[str, str]) -> str:
    """Return the section of some changes, the greatest first.

    ``owners`` says by path whose change it is, where that is to be said. What is no list
    by itself becomes an item of one.
    """
    told = (one for one in changes if one.level != "none")
    ordered = sorted(told, key=lambda one: (LEVELS.index(one.level), one.path))
    return "\n".join(_item(one.text, owners.get(one.path, "")) for one in ordered)


def _item(text: str, owner: str) -> str:
    every = [line.text.rstrip() for line in lines(text)]
    is_list = re.match(r"[-*+] ", every[0]) is not None
    if is_list and not owner:
        return "\n".join(every)
    if is_list:
        every = ["", *every]
    first, *rest = [f"**{owner}**: {every[0]}".rstrip() if owner else every[0], *every[1:]]
    return "\n".join([f"- {first}", *(f"  {line}" if line else "" for line in rest)])
