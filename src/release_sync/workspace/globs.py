"""The globs of ``[tool.uv.workspace]``, as uv reads them (the ``glob`` crate of Rust)."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

from release_sync.configuration.values import WILD
from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.trees.tree import Tree

LIMIT = 100_000
"""No ``**`` visits more folders than this."""


def is_literal(pattern: str) -> bool:
    """Return whether a pattern names one folder."""
    return not WILD.intersection(pattern)


def clean(pattern: str) -> str:
    """Return a pattern without ``.`` and slashes too many. Raises Unreadable when it leads out.

    Of several ``**`` in a row one is left: they match the same, and each would visit all again.
    """
    every = [part for part in pattern.split("/") if part not in {"", "."}]
    parts = [one for at, one in enumerate(every) if one != "**" or every[at - 1 : at] != ["**"]]
    if pattern.startswith("/") or ".." in parts or "\0" in pattern:
        raise Unreadable(
            f"pyproject.toml: the member pattern {pattern!r} leads out of the workspace",
            hint="members are folders below the root's pyproject.toml",
        )
    return "/".join(parts)


def folders(tree: Tree, pattern: str) -> Iterator[str]:
    """Yield the folders that a clean pattern matches, by name."""
    found = [""]
    for part in pattern.split("/") if pattern else []:
        found = list(
            dict.fromkeys(below for folder in found for below in _step(tree, folder, part))
        )
    yield from found


def excluded(patterns: tuple[str, ...], folder: str) -> bool:
    """Return whether a folder is excluded; here, as in uv, a ``*`` matches a slash too."""
    return any(re.match(translate(pattern), folder) for pattern in patterns)


def _step(tree: Tree, folder: str, part: str) -> Iterator[str]:
    if part == "**":
        yield from _below(tree, folder)
    elif is_literal(part):
        yield _join(folder, part)
    else:
        matches = re.compile(translate(part)).match
        for entry in tree.entries(folder):
            if entry.is_folder and matches(entry.name):
                yield _join(folder, entry.name)


def _below(tree: Tree, top: str) -> Iterator[str]:
    waiting, visited = [top], 0
    while waiting:
        folder = waiting.pop()
        visited += 1
        if visited > LIMIT or folder.count("/") > LIMIT // 1000:
            raise Unreadable(
                f"pyproject.toml: `**` visits more than {LIMIT:,} folders",
                hint="name the members' folders more exactly",
            )
        yield folder
        below = [one.name for one in tree.entries(folder) if one.is_folder and not one.is_link]
        waiting.extend(_join(folder, name) for name in reversed(below) if name != ".git")


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
