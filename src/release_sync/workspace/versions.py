"""Where a member's version lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.workspace.model import Place
from release_sync.workspace.toml import table

if TYPE_CHECKING:
    from release_sync.workspace.folders import Manifest
    from release_sync.workspace.tree import Tree


class Source(NamedTuple):
    """A version and its place; or that it is the tag's; or why it can't be known."""

    version: str | None
    place: Place | None = None
    dynamic: bool = False
    problem: str = ""


def version_of(tree: Tree, manifest: Manifest) -> Source:
    """Find a member's version without running any code."""
    project = table(manifest.document, "project")
    place = Place(manifest.path, ("project", "version"))
    version = project.get("version")
    if isinstance(version, str):
        return Source(version, place)
    if version is not None:
        return Source(None, place, problem="project.version is not a string")
    return Source(None, Place(manifest.path, ("project",)), problem="there is no project.version")
