"""A ``pyproject.toml``, parsed once: it answers by name, and knows where each answer stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.standards.names import is_name, normalise
from release_sync.toml.document import Table, document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.toml.location import Location

MANIFEST = "pyproject.toml"
HATCH = "hatch.toml"
"""Beside a manifest, the file that hatch reads, too."""


class Manifest(NamedTuple):
    """A parsed manifest, by its tables.

    ``display`` is the package's name as written, ``name`` is normalised (PEP 503). Both are empty
    where the manifest has no name, or one that is none (PEP 508). ``sources`` are the normalised
    names that ``[tool.uv.sources]`` takes from the workspace, each with the first place that says
    so: there may be several, by their markers. ``elsewhere`` are those that it takes from a path,
    an index or another repository. ``hatch`` is what ``hatch.toml`` says, where there is one.
    """

    document: Table
    project: Table
    build_system: Table
    tools: Table
    uv: Table
    name: str
    display: str
    sources: Mapping[str, Location]
    elsewhere: Mapping[str, Location]
    hatch: Table | None = None

    @property
    def path(self) -> str:
        """The file."""
        return self.document.path

    @property
    def folder(self) -> str:
        """The folder that the file is in, ``""`` for the root."""
        return self.path.rpartition("/")[0]

    @property
    def naming(self) -> tuple[Table, str]:
        """The table that has the name, or should, and its key."""
        poetry = self.tool("poetry")
        is_poetry = not self.project.has("name") and poetry.has("name")
        return (poetry if is_poetry else self.project), "name"

    @property
    def declares_workspace(self) -> bool:
        """Return whether it declares a workspace, for uv or for us."""
        return self.uv.has("workspace") or self.tool("release-sync").has("packages")

    @property
    def is_package(self) -> bool:
        """Return whether it is a package's, or only holds a workspace together.

        uv asks for ``[project]``, and Poetry for a name unless ``package-mode`` is false.
        """
        poetry = self.tool("poetry")
        is_poetry = poetry.has("version") and poetry.value("package-mode") is not False
        return self.document.has("project") or poetry.has("name") or is_poetry

    @property
    def build_backend(self) -> str:
        """The module that builds (PEP 517): setuptools where none is named."""
        return self.build_system.string("build-backend", "setuptools").partition(".")[0]

    def tool(self, name: str) -> Table:
        """Return a table below ``[tool]``."""
        return self.tools.table(name)

    def settings(self, name: str) -> tuple[Table, ...]:
        """Return the tables that hold a tool's settings: none, one, or two for hatch.

        What ``hatch.toml`` has at its top holds against ``[tool.hatch]`` (hatch.pypa.io, intro).
        """
        written = self.tool(name)
        if name != "hatch" or self.hatch is None:
            return (written,) if self.tools.has(name) else ()
        own = self.hatch.content
        left = {key: value for key, value in written.content.items() if key not in own}
        return self.hatch, written._replace(content=left)


def parsed(path: str, data: bytes) -> Manifest:
    """Parse a manifest. Raises Broken."""
    whole = document(path, data)
    project, tools = whole.table("project"), whole.table("tool")
    written = project.value("name")
    if written is None:
        written = tools.table("poetry").value("name")
    display = written if isinstance(written, str) and is_name(written) else ""
    uv = tools.table("uv")
    ours, elsewhere = _sources(uv.table("sources")) if uv.content else ({}, {})
    return Manifest(
        document=whole,
        project=project,
        build_system=whole.table("build-system"),
        tools=tools,
        uv=uv,
        name=normalise(display),
        display=display,
        sources=ours,
        elsewhere=elsewhere,
    )


def _sources(table: Table) -> tuple[dict[str, Location], dict[str, Location]]:
    """Return the names that come from the workspace, and those that come from elsewhere."""
    ours: dict[str, Location] = {}
    others: dict[str, Location] = {}
    for name in table.content:
        for way in table.array(name):
            if way.value("workspace") is True:
                ours.setdefault(normalise(name), way.location("workspace"))
                break
        else:
            others[normalise(name)] = table.location(name)
    return ours, {name: place for name, place in others.items() if name not in ours}
