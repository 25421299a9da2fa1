"""The settings of a release that lie in the working tree, and are not what a commit has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.toml.document import Broken
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.toml.manifest import Manifest

OURS = "release-sync"
OF_UV = ("index", "publish-url", "check-url")
"""What of ``[tool.uv]`` says where a release goes, and where it is looked for."""


def uncommitted(committed: Manifest, root: str) -> tuple[str, ...]:
    """Return the settings that are others on disk, as ``tool.release-sync.index``.

    A whole table that the commit does not have is ``tool.release-sync``. ``root`` is the
    workspace's folder. A manifest that can't be read counts as a whole.
    """
    try:
        on_disk = parsed(MANIFEST, WorkingTree(root).read(MANIFEST) or b"")
    except Broken:
        return (MANIFEST,)
    before, after = committed.tool(OURS).content, on_disk.tool(OURS).content
    if after and not committed.tools.has(OURS):
        found = [f"tool.{OURS}"]
    else:
        found = [f"tool.{OURS}.{key}" for key in _differing(before, after)]
    of_uv = (
        {key: table.value(key) for key in OF_UV if table.has(key)}
        for table in (committed.uv, on_disk.uv)
    )
    return (*found, *(f"tool.uv.{key}" for key in _differing(*of_uv)))


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield key
