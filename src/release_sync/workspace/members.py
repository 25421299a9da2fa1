"""The members' folders, and the manifests in them that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.configuration.values import Misconfigured
from release_sync.standards.names import is_name, normalise
from release_sync.toml.document import Broken, parse, strings, table
from release_sync.toml.location import Location
from release_sync.toml.manifest import MANIFEST, Manifest
from release_sync.trees.submodules import is_within, submodules
from release_sync.trees.tree import Oversized
from release_sync.workspace.globs import clean, excluded, folders, is_literal
from release_sync.workspace.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.configuration.table import Configuration
    from release_sync.toml.location import Keys
    from release_sync.trees.tree import Tree

WORKSPACE = ("tool", "uv", "workspace")


def member_folders(
    tree: Tree, root: dict[str, Any], configuration: Configuration
) -> tuple[list[str], list[Fault]]:
    """Return the folders of all members but the root, and what is wrong with the patterns.

    They come in the order of the patterns, then by name. Raises Unreadable for a pattern that
    leads out of the workspace, and for patterns that uv does not take either.
    """
    keys: Keys = ("tool", "release-sync", "packages")
    included, left_out = configuration.packages, configuration.exclude
    if "workspace" in table(root, "tool", "uv"):
        keys = (*WORKSPACE, "members")
        included, left_out = _patterns(root, "members"), _patterns(root, "exclude")
    exclude = tuple(clean(pattern) for pattern in left_out)
    foreign = submodules(tree)
    found: dict[str, None] = {}
    faults = []
    for index, pattern in enumerate(included):
        matches = [
            one
            for one in folders(tree, clean(pattern))
            if not excluded(exclude, one) and not is_within(one, foreign)
        ]
        found.update(dict.fromkeys(matches))
        if is_literal(pattern) and any(_is_missing(tree, one) for one in matches):
            place = Location(MANIFEST, (*keys, index))
            faults.append(Fault("RS001", place, f"the member {pattern} has no {MANIFEST}"))
    found.pop("", None)
    return list(found), faults


def manifests(
    tree: Tree, root: dict[str, Any], below: list[str]
) -> tuple[list[Manifest], list[Fault]]:
    """Read the members' manifests, the root's first, if it is a package."""
    found: list[Manifest] = []
    faults: list[Fault] = []
    if is_package(root):
        _add(_named("", MANIFEST, root), found, faults)
    for folder in below:
        for one in _read(tree, folder):
            _add(one, found, faults)
    return found, faults


def is_package(root: dict[str, Any]) -> bool:
    """Say whether the root's manifest is a package's, or only holds the workspace together.

    uv asks for ``[project]``, and Poetry for a name unless ``package-mode`` is false.
    """
    poetry = table(root, "tool", "poetry")
    named = "name" in poetry or ("version" in poetry and poetry.get("package-mode") is not False)
    return "project" in root or named


def _patterns(root: dict[str, Any], key: str) -> tuple[str, ...]:
    """Return an array of ``[tool.uv.workspace]``. Raises Misconfigured for what is none."""
    workspace = table(root, "tool", "uv")["workspace"]
    if not isinstance(workspace, dict):
        raise Misconfigured((), "tool.uv.workspace is no table", table=WORKSPACE)
    patterns = workspace.get(key, [])
    found = tuple(text for _, text in strings(patterns))
    if not isinstance(patterns, list) or len(found) < len(patterns):
        message = f"tool.uv.workspace.{key} is not an array of strings"
        hint = 'uv refuses it, too; write globs in an array: ["packages/*"]'
        raise Misconfigured((key,), message, hint, table=WORKSPACE)
    return found


def _add(one: Manifest | Fault, found: list[Manifest], faults: list[Fault]) -> None:
    if isinstance(one, Manifest):
        found.append(one)
    else:
        faults.append(one)


def _read(tree: Tree, folder: str) -> Iterator[Manifest | Fault]:
    path = f"{folder}/{MANIFEST}"
    try:
        data = tree.read(path)
        if data is not None:
            yield _named(folder, path, parse(data))
    except Broken as error:
        place = Location(path, (), error.offset, error.offset)
        yield Fault("RS001", place, error.message)
    except Oversized as error:
        yield Fault("RS001", Location(path), error.message)


def _named(folder: str, path: str, document: dict[str, Any]) -> Manifest | Fault:
    name = table(document, "project").get("name")
    keys: tuple[str, ...] = ("project", "name")
    if name is None and "name" in table(document, "tool", "poetry"):
        keys = ("tool", "poetry", "name")
        name = table(document, "tool", "poetry")["name"]
    if name is None:
        return Fault("RS001", Location(path, keys), "the manifest has no project.name")
    if not isinstance(name, str) or not is_name(name):
        return Fault("RS001", Location(path, keys), f"{name!r:.100} is not a package's name")
    return Manifest(folder, path, document, normalise(name), name)


def _is_missing(tree: Tree, folder: str) -> bool:
    return not any(entry.name == MANIFEST for entry in tree.entries(folder))
