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
    the same here, in a clone without submodules and on a bare server (gitmodules(5)).
    """
    data = tree.read(FILE)
    if data is None:
        return ()
    text = data.decode("utf-8", "surrogateescape")
    return tuple(
        (re.sub(r"\\(.)", r"\1", quoted) or plain).strip("/")
        for quoted, plain in re.findall(PATH, text, re.MULTILINE | re.IGNORECASE)
    )


def is_within(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of the folders, or below one."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)
