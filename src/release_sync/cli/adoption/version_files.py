"""Files that repeat a version, as the repository lists them for another tool already.

That is bump-my-version and bump2version (``[tool.bumpversion]``, ``.bumpversion.toml``,
``.bumpversion.cfg``, ``setup.cfg``), commitizen (``version_files``) and tbump (``tbump.toml``).
"""

from __future__ import annotations

import configparser
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from release_sync.toml.document import Broken, document
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.paths import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.toml.document import Table
    from release_sync.trees.tree import Tree

CURRENT = "{current_version}"
BUMPVERSION = ".bumpversion.toml"
COMMITIZEN = ".cz.toml"
FILE = r"bumpversion:file(?:\([^)]*\))?:(.+)"


class Listed(NamedTuple):
    """A file that a tool edits: ``search`` is the text that it looks for, with the version in it.

    Where the tool has only a regular expression for the line, that is ``line``.
    """

    path: str
    tool: str
    search: str = ""
    line: str = ""


def listed(tree: Tree, folder: str) -> Iterator[Listed]:
    """Yield what the tools that are configured in a folder edit, and is there."""
    found = [
        *_bumpversion(_table(tree, folder, MANIFEST, "tool", "bumpversion"), MANIFEST),
        *_bumpversion(_table(tree, folder, BUMPVERSION, "tool", "bumpversion"), BUMPVERSION),
        *_sections(tree, folder, ".bumpversion.cfg"),
        *_sections(tree, folder, "setup.cfg"),
        *_commitizen(_table(tree, folder, MANIFEST, "tool", "commitizen"), MANIFEST),
        *_commitizen(_table(tree, folder, COMMITIZEN, "tool", "commitizen"), COMMITIZEN),
        *_tbump(_table(tree, folder, MANIFEST, "tool", "tbump"), MANIFEST),
        *_tbump(_table(tree, folder, "tbump.toml"), "tbump.toml"),
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


def _bumpversion(table: Table, path: str) -> Iterator[Listed]:
    general = table.string("search", CURRENT)
    if table.has("current_version"):
        yield Listed(path, "bumpversion", line=r"^\s*current_version\b")
    for one in table.array("files"):
        yield Listed(one.string("filename"), "bumpversion", one.string("search", general))


def _sections(tree: Tree, folder: str, name: str) -> Iterator[Listed]:
    """Yield what the sections of an INI file name (bump2version's README)."""
    data = tree.read(f"{folder}/{name}" if folder else name) or b""
    if b"[bumpversion" not in data:
        return
    parser = configparser.RawConfigParser(strict=False)
    with suppress(configparser.Error, UnicodeDecodeError):
        parser.read_string(data.decode())
    general = parser.get("bumpversion", "search", fallback=CURRENT)
    if parser.has_option("bumpversion", "current_version"):
        yield Listed(name, "bumpversion", line=r"^\s*current_version\b")
    for section in parser.sections():
        found = re.fullmatch(FILE, section)
        if found:
            search = parser.get(section, "search", fallback=general)
            yield Listed(found[1].strip(), "bumpversion", search)


def _commitizen(table: Table, path: str) -> Iterator[Listed]:
    if path == COMMITIZEN and table.has("version"):
        yield Listed(path, "commitizen", line=r"^\s*version\b")
    for text in table.texts("version_files"):
        name, _, line = text.partition(":")
        yield Listed(name, "commitizen", line=line)


def _tbump(table: Table, path: str) -> Iterator[Listed]:
    if table.table("version").has("current"):
        yield Listed(path, "tbump", line=r"^\s*current\b")
    for one in table.array("file"):
        yield Listed(one.string("src"), "tbump", one.string("search", CURRENT))
