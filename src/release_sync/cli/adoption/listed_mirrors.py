"""Files that repeat a version, as the repository lists them for another tool already.

That is bump-my-version (``[tool.bumpversion]``, ``.bumpversion.toml``), commitizen
(``version_files``) and tbump (``tbump.toml``).
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from release_sync.backends.literals import spelled
from release_sync.backends.regex_timeout import findall
from release_sync.cli.adoption.setting import Setting
from release_sync.toml.document import Broken, document
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.paths import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.toml.document import Table
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Member, Workspace

CURRENT = "{current_version}"
VERSION = "{version}"
LONGEST = 60
"""So many characters of a line before its version are enough to know it again."""


class Listed(NamedTuple):
    """A file that a tool edits: ``search`` is the text that it looks for, with the version in it.

    Where the tool has only a regular expression for the line, that is ``line``.
    """

    path: str
    tool: str
    search: str = ""
    line: str = ""


def listed_mirrors(tree: Tree, workspace: Workspace) -> tuple[list[Setting], list[str]]:
    """Return the mirrors to propose, and what is listed and can be none, with the reason."""
    mirrors: dict[tuple[str, str], dict[str, str]] = {}
    remarks: list[str] = []
    tools: dict[str, None] = {}
    for one in dict.fromkeys(_listed(tree, workspace)):
        owner = _owner(workspace, one.path)
        if owner is None or not owner.version or one.path in _read_anyway(workspace):
            continue
        data = tree.read(one.path) or b""
        pattern = _pattern(one, data, owner.version)
        if pattern and next(iter(spelled(data, pattern)), None):
            member = {"member": owner.name} if owner.folder else {}
            mirrors[one.path, pattern] = {"path": one.path, "pattern": pattern, **member}
            tools[one.tool] = None
        else:
            remarks.append(
                f"{one.path}, which {one.tool} lists, is no mirror: no line of it has a text and"
                f" then {owner.version}"
            )
    found = [Setting("mirrors", tuple(mirrors.values()), f"{', '.join(tools)} lists them")]
    return (found if mirrors else []), remarks


def _listed(tree: Tree, workspace: Workspace) -> Iterator[Listed]:
    for folder in dict.fromkeys(["", *(one.folder for one in workspace.members)]):
        found = [
            *_bumpversion(_table(tree, folder, MANIFEST, "tool", "bumpversion")),
            *_bumpversion(_table(tree, folder, ".bumpversion.toml", "tool", "bumpversion")),
            *_commitizen(_table(tree, folder, MANIFEST, "tool", "commitizen")),
            *_commitizen(_table(tree, folder, ".cz.toml", "tool", "commitizen")),
            *_tbump(_table(tree, folder, MANIFEST, "tool", "tbump")),
            *_tbump(_table(tree, folder, "tbump.toml")),
        ]
        for one in found:
            path = inside(folder, one.path)
            if path is not None and tree.read(path) is not None:
                yield one._replace(path=path)


def _table(tree: Tree, folder: str, name: str, *keys: str) -> Table:
    path = f"{folder}/{name}" if folder else name
    try:
        return document(path, tree.read(path) or b"").table(*keys)
    except Broken:
        return document(path, b"")


def _bumpversion(table: Table) -> Iterator[Listed]:
    general = table.string("search", CURRENT)
    for one in table.array("files"):
        yield Listed(one.string("filename"), "bumpversion", one.string("search", general))


def _commitizen(table: Table) -> Iterator[Listed]:
    for text in table.texts("version_files"):
        path, _, line = text.partition(":")
        yield Listed(path, "commitizen", line=line)


def _tbump(table: Table) -> Iterator[Listed]:
    for one in table.array("file"):
        yield Listed(one.string("src"), "tbump", one.string("search", CURRENT))


def _pattern(one: Listed, data: bytes, version: str) -> str:
    """Return the text around the version; empty where there is none."""
    around = one.search.replace(CURRENT, "")
    if around.strip() and not {"{", "}"} & {*around}:
        return one.search.replace(CURRENT, VERSION)
    text = data.decode("utf-8", "surrogateescape")
    whole = re.compile(rf"(?<![\w.]){re.escape(version)}(?![\w.]*\w)")
    for line in text.split("\n"):
        place = whole.search(line)
        if place is None or not _is_meant(one.line, line) or {"{", "}"} & {*line}:
            continue
        before, after = line[: place.start()].lstrip()[-LONGEST:], line[place.end() :][:1].strip()
        if before.strip():
            return f"{before}{VERSION}{after}"
    return ""


def _is_meant(expression: str, line: str) -> bool:
    if not expression:
        return True
    with suppress(re.error):  # also one that takes too long
        return next(iter(findall(expression, line)), None) is not None
    return False


def _read_anyway(workspace: Workspace) -> set[str]:
    """Return the files whose version is read without being named."""
    found = {"uv.lock"}
    for one in workspace.members:
        found |= {one.manifest, *(mirror.place.path for mirror in one.mirrors)}
        if one.version_place is not None:
            found.add(one.version_place.path)
    return found


def _owner(workspace: Workspace, path: str) -> Member | None:
    """Return the member whose folder a file is in; else the root, or one that stands for it."""
    around = [one for one in workspace.members if path.startswith(f"{one.folder}/".lstrip("/"))]
    if around:
        return max(around, key=lambda one: len(one.folder))
    first = next(iter(workspace.groups), None)
    return workspace.member(first.every[0]) if first else None
