"""The members' folders, and the manifests in them that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.configuration.values import Misconfigured
from release_sync.toml.document import Broken, document
from release_sync.toml.location import Location
from release_sync.toml.manifest import HATCH, MANIFEST, Manifest, parsed
from release_sync.trees.paths import join
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
SETUP = "setup.py"


def member_folders(
    tree: Tree, root: Manifest, configuration: Configuration
) -> tuple[list[str], list[Fault]]:
    """Return the folders of all members but the root, and what is wrong with the patterns.

    They come in the order of the patterns, then by name. Raises Unreadable for a pattern that
    leads out of the workspace, and for patterns that uv does not take either.
    """
    keys: Keys = ("tool", "release-sync", "packages")
    included, left_out = configuration.packages, configuration.exclude
    if root.uv.has("workspace"):
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


def manifests(tree: Tree, root: Manifest, below: list[str]) -> tuple[list[Manifest], list[Fault]]:
    """Read the members' manifests, the root's first, if it is a package.

    uv leaves out whoever says ``managed = false``, but never the root (uv's settings reference).
    """
    found: list[Manifest] = []
    faults: list[Fault] = []
    if root.is_package:
        _add(_named(tree, root), found, faults)
    for folder in below:
        for one in _read(tree, folder, by_uv=root.uv.has("workspace")):
            _add(one, found, faults)
    if not root.uv.has("workspace"):  # uv refuses such a member itself
        faults.extend(_without_manifest(tree, below, {one.folder for one in found}))
    return found, faults


def with_hatch(tree: Tree, manifest: Manifest) -> Manifest:
    """Add what ``hatch.toml`` says beside the root's manifest, or one that hatch reads anyway.

    Raises Broken, and what the tree raises.
    """
    is_read = manifest.build_backend == "hatchling" or manifest.tools.has("hatch")
    if manifest.folder and not is_read:
        return manifest
    path = join(manifest.folder, HATCH)
    data = tree.read(path)
    return manifest if data is None else manifest._replace(hatch=document(path, data))


def _patterns(root: Manifest, key: str) -> tuple[str, ...]:
    """Return an array of ``[tool.uv.workspace]``. Raises Misconfigured for what is none."""
    if not root.uv.is_table("workspace"):
        raise Misconfigured((), "tool.uv.workspace is no table", table=WORKSPACE)
    workspace = root.uv.table("workspace")
    if workspace.has(key) and not workspace.is_array(key):
        message = f"tool.uv.workspace.{key} is not an array of strings"
        hint = 'uv refuses it, too; write globs in an array: ["packages/*"]'
        raise Misconfigured((key,), message, hint, table=WORKSPACE)
    return workspace.texts(key)


def _add(one: Manifest | Fault, found: list[Manifest], faults: list[Fault]) -> None:
    if isinstance(one, Manifest):
        found.append(one)
    else:
        faults.append(one)


def _read(tree: Tree, folder: str, *, by_uv: bool) -> Iterator[Manifest | Fault]:
    path = f"{folder}/{MANIFEST}"
    try:
        data = tree.read(path)
        manifest = None if data is None else parsed(path, data)
        if manifest is not None and not (by_uv and manifest.uv.value("managed") is False):
            path = f"{folder}/{HATCH}"
            yield _named(tree, with_hatch(tree, manifest))
    except Broken as error:
        place = Location(path, (), error.offset, error.offset)
        yield Fault("RS001", place, error.message)
    except Oversized as error:
        yield Fault("RS001", Location(path), error.message)


def _named(tree: Tree, manifest: Manifest) -> Manifest | Fault:
    if manifest.name:
        return manifest
    naming, key = manifest.naming
    if not naming.has(key):
        beside = (join(manifest.folder, name) for name in (SETUP, "setup.cfg"))
        file = next((path for path in beside if _has(tree, path)), "")
        hint = f": move it there from {file}, with what is required" if file else ""
        return Fault("RS001", naming.location(key), f"the manifest has no project.name{hint}")
    message = f"{naming.value(key)!r:.100} is not a package's name"
    return Fault("RS001", naming.location(key), message)


def _without_manifest(tree: Tree, below: list[str], members: set[str]) -> Iterator[Fault]:
    """Yield the folders of packages that only have a ``setup.py``, and lie in no member."""
    for folder in below:
        path = f"{folder}/{SETUP}"
        if folder in members or not _has(tree, path) or is_within(folder, members):
            continue
        if not _has(tree, f"{folder}/{MANIFEST}"):
            message = f"{folder} has no {MANIFEST}, and what {SETUP} requires is not read"
            yield Fault("RS001", Location(path, (), 0, 0), message)


def _has(tree: Tree, path: str) -> bool:
    return tree.read(path) is not None


def _is_missing(tree: Tree, folder: str) -> bool:
    return not any(entry.name == MANIFEST for entry in tree.entries(folder))
