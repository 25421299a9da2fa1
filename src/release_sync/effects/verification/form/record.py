"""RECORD and the paths in an archive: what an installer unpacks, and what it compares."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

from release_sync.effects.build.archives import entries, is_wheel

if TYPE_CHECKING:
    import tarfile
    from collections.abc import Container, Iterator
    from pathlib import Path

UNRECORDED = ("/RECORD", "/RECORD.jws", "/RECORD.p7s")
"""What has no hash in RECORD, for it is RECORD or made after it (binary distribution format)."""

ALGORITHMS = frozenset({"sha256", "sha384", "sha512"})
"""The hashes that are strong enough (binary distribution format: sha256 or better)."""

_RISES = re.compile(r"(?:^|/)(?!\.\.?(?:/|$))[^/]+/(?:\./|/)*\.\.(?:/|$)")
"""A component of a path, and ``..`` behind it: the component may be a link."""

_DRIVE = re.compile(r"[A-Za-z]:")


def record_failures(wheel: Path, folder: str) -> Iterator[str]:
    """Yield what is wrong with a wheel's RECORD; ``folder`` is its ``*.dist-info``.

    Every file is there with its hash and its size, and nothing else is.
    """
    with zipfile.ZipFile(wheel) as archive:
        files = {one for one in archive.namelist() if not one.endswith("/")}
        path = f"{folder}/RECORD"
        if path not in files:
            yield "has no RECORD"
            return
        try:
            rows = list(csv.reader(io.StringIO(archive.read(path).decode("utf-8"))))
        except csv.Error as error:
            yield f"its RECORD can't be read: {error}"
            return
        recorded = {row[0]: row[1:] for row in rows if row}
        for name, count in Counter(row[0] for row in rows if row).items():
            if count > 1:
                yield f"its RECORD names {name} {count} times"
        for name in sorted(files - recorded.keys()):
            if name not in {f"{folder}{one}" for one in UNRECORDED}:
                yield f"its RECORD lacks {name}"
        for name, said in recorded.items():
            if name not in files:
                yield f"its RECORD names {name}, which is not there"
            elif not (name.startswith(folder) and name.endswith(UNRECORDED)):
                yield from _differences(name, said, archive.read(name))


def _differences(name: str, said: list[str], content: bytes) -> Iterator[str]:
    algorithm, _, digest = (said[0] if said else "").partition("=")
    if algorithm not in ALGORITHMS:
        yield f"its RECORD has no hash of {name} that counts"
        return
    found = base64.urlsafe_b64encode(hashlib.new(algorithm, content).digest()).rstrip(b"=")
    if found.decode() != digest.rstrip("="):
        yield f"its RECORD has another hash of {name}"
    elif said[1:] not in ([str(len(content))], [""]):
        yield f"its RECORD has another size of {name}"


def path_failures(file: Path) -> Iterator[str]:
    """Yield the paths in an archive that would be unpacked elsewhere, or are no files.

    An sdist's are all below ``NAME-VERSION/`` (PEP 625); of links PEP 721 lets those be that stay
    inside.
    """
    if is_wheel(file):
        with zipfile.ZipFile(file) as wheel:
            yield from (f"holds {name!r}, a path outside" for name in wheel.namelist()
                        if leaves(name))  # fmt: skip
        return
    top = file.name.removesuffix(".tar.gz")
    every = entries(file)
    links = {one.name for one in every if one.issym()}
    there = {one.name for one in every if not one.isdir()}
    for entry in every:
        problem = _misplaced(entry, top) or _through(entry, links)
        if problem:
            yield f"holds {entry.name!r}, {problem}"
        elif entry.islnk() and entry.linkname not in there - {entry.name}:
            yield f"holds {entry.name!r}, a link to {entry.linkname!r}, which is not there"


def _misplaced(entry: tarfile.TarInfo, top: str) -> str:
    """Return what is wrong with where an entry of an sdist is, or leads to; empty if nothing is."""
    if leaves(entry.name) or entry.name.partition("/")[0] != top:
        return f"a path outside of {top}"
    if not (entry.isfile() or entry.isdir() or entry.islnk() or entry.issym()):
        return "which is neither a file nor a folder"
    if (entry.islnk() or entry.issym()) and leaves(_target(entry)):
        return f"a link to {entry.linkname!r} outside"
    return ""


def _through(entry: tarfile.TarInfo, links: Container[str]) -> str:
    """Return that a path, or a link's, goes through a link: then it leads wherever that leads."""
    parts = entry.name.split("/")
    above = ("/".join(parts[:length]) for length in range(1, len(parts)))
    through = next((one for one in above if one in links), "")
    if through:
        return f"which is below {through!r}, a link"
    if entry.issym() and _RISES.search(entry.linkname):
        return f"a link to {entry.linkname!r}, which goes up again"
    return ""


def leaves(path: str) -> bool:
    """Return whether a path, unpacked into a folder, would be outside of it on any system."""
    parts = path.replace("\\", "/").split("/")
    return "" in parts[:1] or ".." in parts or bool(_DRIVE.match(path)) or "\\" in path


def _target(member: tarfile.TarInfo) -> str:
    """Return where a link leads, from the top; a symbolic one begins at its own folder."""
    if member.islnk():
        return member.linkname
    if member.linkname.startswith("/"):
        return member.linkname
    parts = member.name.split("/")[:-1]
    for part in member.linkname.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)
