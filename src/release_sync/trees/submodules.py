"""Submodules: other repositories' files, which no commit of ours can bring into lockstep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.trees.tree import Tree

FILE = ".gitmodules"
PATH = r"^[ \t]*path[ \t]*=[ \t]*(?:\"((?:[^\"\\\n]|\\.)*)\"|([^\n]*?))[ \t]*\r?$"


def submodules(tree: Tree) -> tuple[str, ...]:
    """Return the folders of the submodules, as ``.gitmodules`` at the root names them.

    Their packages are no members, whether the submodule is checked out or not: so the verdict is
    the same here, in a clone without submodules and on a bare server (gitmodules(5)). What is named
    there and holds files of our own is none: git would take them for ours.
    """
    data = tree.read(FILE)
    if data is None:
        return ()
    text = data.decode("utf-8", "surrogateescape")
    named = [
        (re.sub(r"\\(.)", r"\1", quoted) or plain).strip("/")
        for quoted, plain in re.findall(PATH, text, re.MULTILINE | re.IGNORECASE)
    ]
    return tuple(folder for folder in named if folder and _is_foreign(tree, folder))


def _is_foreign(tree: Tree, folder: str) -> bool:
    """Return whether a folder is another repository's, or empty as one that is not checked out."""
    found = tree.entries(folder)
    return not found or any(entry.name == ".git" for entry in found)


def is_within(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of the folders, or below one."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)
