"""The members in ``uv.lock``, or in one such file for each of them.

uv writes the file, always in the same form, and it can be megabytes long; so it is scanned, not
parsed. A file in another form has no members, and that is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.standards.names import normalise
from release_sync.toml.location import Location
from release_sync.trees.paths import inside, join
from release_sync.trees.submodules import is_within, submodules
from release_sync.workspace.model import Lock, Locked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from release_sync.trees.tree import Tree

NAMED = "uv.lock"
NEXT = b"\n[[package]]"
METADATA = b"\n[package.metadata]"
ENTRY = (
    rb'^\[\[package\]\]\r?\nname = "(?P<name>[^"\n]+)"\r?\n'
    rb'(?:version = "(?P<version>[^"\n]*)"\r?\n)?'
    rb'source = \{ (?:editable|virtual|directory) = (?:"(?P<folder>[^"\n]+)")?'
)
MEMBERS = rb"^\[manifest\]\r?\n(?:[^\[\n][^\n]*\n)*?members = \[([^\]]*)\]"
NAME = rb'"([^"\n]+)"'
REQUIRED = rb'\{ name = "([^"\n]+)"'
"""Compiled when there is a lock: it takes two milliseconds."""


def is_lock(path: str) -> bool:
    """Return whether a file is a lock of uv's."""
    return path.rpartition("/")[2] == NAMED


def locks(tree: Tree, members: Iterable[str], *, uv: bool) -> tuple[Lock, ...]:
    """Read what each ``uv.lock`` says of local packages: of a ``uv`` workspace, only the root's.

    Else each member may have one in its folder, or in one above it. Packages of submodules, or from
    outside of the workspace, are left out, as among the members.
    """
    foreign = submodules(tree)
    found = []
    for folder in [""] if uv else _upward(members):
        data = tree.read(join(folder, NAMED))
        if data is not None:
            found.append(_lock(folder, data, foreign, uv=uv))
    return tuple(found)


def _upward(folders: Iterable[str]) -> Iterable[str]:
    """Return the folders and all above them, each once."""
    found: dict[str, None] = {}
    for folder in folders:
        way = folder
        while way not in found:
            found[way] = None
            way = way.rpartition("/")[0]
    return found


def _lock(folder: str, data: bytes, foreign: Collection[str], *, uv: bool) -> Lock:
    path = join(folder, NAMED)
    ours, others, root = [], set(), []
    for entry in re.finditer(ENTRY, data, re.MULTILINE):
        end = data.find(NEXT, entry.end())
        locked = _locked(path, entry, _required(data[entry.start() : end if end > 0 else None]))
        place = inside(folder, (entry["folder"] or b"").decode("utf-8", "replace"))
        if place is None or (foreign and is_within(place, foreign)):
            others.add(locked.name)
        else:
            ours.append(locked)
        if place == folder:
            root.append(locked.name)
    members = _members(data, others, root) if uv else tuple(root)
    of_root = _required(data[: data.find(NEXT)])
    return Lock(path, folder, tuple(ours), members, of_root, METADATA in data)


def _required(part: bytes) -> frozenset[str]:
    """Return the names that a part of a lock has: uv lists also requirements that never hold."""
    names = re.findall(REQUIRED, part)
    return frozenset(normalise(one.decode("utf-8", "replace")) for one in names)


def _members(data: bytes, others: Collection[str], root: Iterable[str]) -> tuple[str, ...]:
    listed = re.search(MEMBERS, data, re.MULTILINE)
    if listed is None:
        return tuple(root)
    names = [normalise(one.decode("utf-8", "replace")) for one in re.findall(NAME, listed[1])]
    return tuple(name for name in names if name not in others)


def _locked(path: str, entry: re.Match[bytes], requires: frozenset[str]) -> Locked:
    version = entry["version"]
    span = entry.span("name" if version is None else "version")
    name = entry["name"].decode("utf-8", "replace")
    text = None if version is None else version.decode("utf-8", "replace")
    return Locked(normalise(name), text, Location(path, (), *span), requires)
