"""The members in ``uv.lock``.

uv writes the file, always in the same form, and it can be megabytes long; so it is scanned, not
parsed. A file in another form has no members, and that is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.workspace.model import Lock, Locked, Place
from release_sync.workspace.names import normalise

if TYPE_CHECKING:
    from release_sync.workspace.tree import Tree

PATH = "uv.lock"
ENTRY = re.compile(
    rb'^\[\[package\]\]\r?\nname = "(?P<name>[^"\n]+)"\r?\n'
    rb'(?:version = "(?P<version>[^"\n]*)"\r?\n)?'
    rb"source = \{ (?:editable|virtual|directory) = ",
    re.MULTILINE,
)
MEMBERS = re.compile(
    rb"^\[manifest\]\r?\n(?:[^\[\n][^\n]*\n)*?members = \[([^\]]*)\]", re.MULTILINE
)
NAME = re.compile(rb'"([^"\n]+)"')


def lock(tree: Tree) -> Lock | None:
    """Read what ``uv.lock`` says of local packages; None when there is no such file."""
    data = tree.read(PATH)
    if data is None:
        return None
    listed = MEMBERS.search(data)
    names = None
    if listed is not None:
        names = tuple(normalise(one.decode()) for one in NAME.findall(listed[1]))
    return Lock(tuple(_locked(one) for one in ENTRY.finditer(data)), names)


def _locked(entry: re.Match[bytes]) -> Locked:
    version = entry["version"]
    span = entry.span("name" if version is None else "version")
    name = entry["name"].decode("utf-8", "replace")
    text = None if version is None else version.decode("utf-8", "replace")
    return Locked(normalise(name), text, Place(PATH, (), *span))
