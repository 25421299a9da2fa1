"""What is built: a member as its manifest describes it, and the sources that all come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.standards.names import required_name
from release_sync.toml.manifest import MANIFEST, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from release_sync.toml.manifest import Manifest


class Project(NamedTuple):
    """A member to build: its folder in the workspace's tree and what its manifest asks for.

    ``siblings`` are the folders of members that its backend needs, ``python`` is its
    Requires-Python.
    """

    name: str
    folder: str
    requires: tuple[str, ...]
    siblings: tuple[str, ...]
    backend: str
    path: tuple[str, ...]
    python: str


class Sources(NamedTuple):
    """A ``folder`` to build in, the exported ``tree``, and the workspace's root in that.

    ``epoch`` is the time of the commit, in seconds.
    """

    folder: Path
    tree: Path
    workspace: Path
    epoch: int


def project_of(name: str, folder: str, manifest: Manifest, folders: Mapping[str, str]) -> Project:
    """Describe a member by its manifest; ``folders`` are those of all members, by name.

    A requirement on a member is on its sources as they are released, not on what an index has.
    """
    system = manifest.build_system
    requires = system.texts("requires") if system.has("requires") else ("setuptools",)
    own = [one for one in requires if required_name(one) in folders]
    return Project(
        name,
        folder,
        tuple(one for one in requires if one not in own),
        tuple(folders[required_name(one)] for one in own),
        system.string("build-backend", "setuptools.build_meta:__legacy__"),
        system.texts("backend-path"),
        manifest.project.string("requires-python"),
    )


def project_in(workspace: Path, name: str, folders: Mapping[str, str]) -> Project:
    """Read a member's manifest in an exported workspace, and describe the member by it."""
    content = (workspace / folders[name] / MANIFEST).read_bytes()
    return project_of(name, folders[name], parsed(MANIFEST, content), folders)
