"""The members in ``uv.lock``.

uv writes the file, always in the same form, and it can be megabytes long; so it is scanned, not
parsed. A file in another form has no members, and that is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.standards.names import normalise
from release_sync.toml.location import Location
from release_sync.trees.submodules import is_within, submodules
from release_sync.workspace.model import Lock, Locked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from release_sync.trees.tree import Tree

PATH = "uv.lock"
ENTRY = (
    rb'^\[\[package\]\]\r?\nname = "(?P<name>[^"\n]+)"\r?\n'
    rb'(?:version = "(?P<version>[^"\n]*)"\r?\n)?'
    rb'source = \{ (?:editable|virtual|directory) = (?:"(?P<folder>[^"\n]+)")?'
)
MEMBERS = rb"^\[manifest\]\r?\n(?:[^\[\n][^\n]*\n)*?members = \[([^\]]*)\]"
NAME = rb'"([^"\n]+)"'
"""Compiled when there is a lock: it takes two milliseconds."""


def lock(tree: Tree) -> Lock | None:
    """Read what ``uv.lock`` says of local packages; None when there is no such file.

    The packages of submodules are left out, as they are among the members.
    """
    data = tree.read(PATH)
    if data is None:
        return None
    foreign = submodules(tree)
    ours, others, root = [], set(), []
    for entry in re.finditer(ENTRY, data, re.MULTILINE):
        locked = _locked(entry)
        if foreign and is_within((entry["folder"] or b"").decode("utf-8", "replace"), foreign):
            others.add(locked.name)
        else:
            ours.append(locked)
        if entry["folder"] == b".":
            root.append(locked.name)
    return Lock(tuple(ours), _members(data, others, root))


def _members(data: bytes, others: Collection[str], root: Iterable[str]) -> tuple[str, ...]:
    listed = re.search(MEMBERS, data, re.MULTILINE)
    if listed is None:
        return tuple(root)
    names = [normalise(one.decode("utf-8", "replace")) for one in re.findall(NAME, listed[1])]
    return tuple(name for name in names if name not in others)


def _locked(entry: re.Match[bytes]) -> Locked:
    version = entry["version"]
    span = entry.span("name" if version is None else "version")
    name = entry["name"].decode("utf-8", "replace")
    text = None if version is None else version.decode("utf-8", "replace")
    return Locked(normalise(name), text, Location(PATH, (), *span))
