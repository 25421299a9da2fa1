"""The form of a wheel: how it is packed, what its WHEEL says, and where its files are put."""

from __future__ import annotations

import os
import re
import unicodedata
import zipfile
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from packaging.tags import parse_tag

from release_sync.effects.build.archives import installed_at, names, own_information

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from packaging.tags import Tag

PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The compressions that every installer knows."""

FIRST, LAST, LENGTH = b"PK\x03\x04", b"PK\x05\x06", 22
"""How an archive begins, how its last record does, and how long that is without its comment."""

MODULES = (".py", ".pyi", ".so", ".pyd")
"""The ends of what is looked for by its name, also where case does not count."""

_KNOWN = re.compile(r"1\.\d+")


def form_failures(wheel: Path) -> Iterator[str]:
    """Yield what an index or an installer has against a wheel, whatever is in its files."""
    yield from _packing(wheel)
    yield from _described(wheel)
    yield from _overlaps(wheel)


def _packing(wheel: Path) -> Iterator[str]:
    """Yield what makes one reader see other files than another one: indexes refuse that."""
    with zipfile.ZipFile(wheel) as archive:
        comment = len(archive.comment)
        odd = [one for one in archive.infolist() if one.compress_type not in PACKED]
    if odd:
        yield f"holds {odd[0].filename}, which is neither stored nor deflated"
    with wheel.open("rb") as file:
        first = file.read(len(FIRST))
        file.seek(-LENGTH - comment, os.SEEK_END)
        if (first, file.read(len(LAST))) != (FIRST, LAST):
            yield "has something before or behind its archive, which public indexes refuse"


def _described(wheel: Path) -> Iterator[str]:
    """Yield what is wrong with WHEEL (binary distribution format).

    ``pip check`` goes by its tags.
    """
    path = f"{own_information(wheel)}/WHEEL"
    if path not in names(wheel):
        yield "has no WHEEL"
        return
    with zipfile.ZipFile(wheel) as archive:
        said = BytesHeaderParser().parsebytes(archive.read(path))
    version = str(said.get("Wheel-Version", "")).strip()
    if not _KNOWN.fullmatch(version):
        yield f"its WHEEL says Wheel-Version: {version or 'nothing'}, and installers know 1.0"
    named = parse_tag("-".join(wheel.stem.split("-")[-3:]))
    told = frozenset(tag for one in said.get_all("Tag", []) for tag in parse_tag(str(one).strip()))
    if not any(_agree(one, other) for one in told for other in named):
        yield f"its WHEEL says that it is for {_words(told)}, and its name {_words(named)}"


def _agree(told: Tag, named: Tag) -> bool:
    """Return whether a wheel with one tag in WHEEL can have the other one in its name.

    Of platforms many name more in a file's name alone, once its libraries are in it.
    """
    if (told.interpreter, told.abi) != (named.interpreter, named.abi):
        return False
    platform = told.platform.removeprefix("linux_")
    return platform in {"any", named.platform} or named.platform.endswith(f"_{platform}")


def _words(tags: Iterable[Tag]) -> str:
    return ", ".join(sorted(map(str, tags))) or "nothing"


def _overlaps(wheel: Path) -> Iterator[str]:
    """Yield files that are put where another one is, if only where case does not count."""
    places = {name: _place(name) for name in names(wheel) if not name.endswith("/")}
    same: dict[str, str] = {}
    folded: dict[str, str] = {}
    for name, place in places.items():
        other = same.setdefault(place, name)
        if other != name:
            yield f"holds {other} and {name}, which are put at one place"
            continue
        other = folded.setdefault(_folded(place), name)
        if other != name and name.endswith(MODULES):
            yield f"holds {other} and {name}, which are one file where case does not count"
    for name, place in places.items():
        parts = place.split("/")
        above = ("/".join(parts[:length]) for length in range(1, len(parts)))
        if file := next((same[one] for one in above if one in same), ""):
            yield f"holds {name} below {file}, which is a file"


def _place(name: str) -> str:
    """Return where a file is put; schemes other than those of modules are places of their own."""
    return installed_at(name) or f"/{name}"


def _folded(place: str) -> str:
    """Return what a path is on systems that fold it: case, accents, dots and spaces at ends."""
    folded = unicodedata.normalize("NFC", place).casefold()
    return "/".join(part.rstrip(". ") for part in folded.split("/"))
