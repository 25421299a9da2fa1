"""The version in ``setup.cfg``: ``[metadata] version`` (setuptools, declarative_config)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.backends.literals import content, literal
from release_sync.backends.python_modules import attribute
from release_sync.backends.version_source import (
    UndeterminedVersion,
    UnknownSource,
    VersionSource,
    in_file,
)
from release_sync.toml.location import Location
from release_sync.trees.paths import join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.backends.literals import Literal
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

METADATA = r"^\[metadata\][^\n]*\n(?P<inside>(?:(?!\[)[^\n]*(?:\n|\Z))*)"
OPTION = r"^version[ \t]*[=:](?P<value>[^\n]*(?:\n[ \t]+[^\n]*)*)"
"""An option goes on in the lines after it that are indented (configparser)."""


def of_setup_cfg(tree: Tree, manifest: Manifest, modules: Mapping[str, str]) -> VersionSource:
    """Return ``version``: as it stands there, or where ``attr:`` or ``file:`` lead.

    ``modules`` maps top-level modules to folders. Raises UndeterminedVersion.
    """
    path = join(manifest.folder, "setup.cfg")
    found = _option(tree.read(path) or b"")
    if found is None:
        tables = "neither [tool.setuptools.dynamic] nor setup.py or setup.cfg"
        raise UnknownSource(f"nothing says the version: {tables}")
    place = Location(path, (), found.start, found.end)
    if "\n" in found.text:
        raise UndeterminedVersion("setup.cfg says the version in several lines", place)
    way, colon, rest = found.text.partition(":")
    if colon and way == "attr":
        return attribute(tree, manifest, rest, place, modules)
    if colon and way == "file":
        return in_file(tree, manifest, rest.strip(), content, place)
    return VersionSource(found.text, place)


def _option(data: bytes) -> Literal | None:
    text = data.decode("utf-8", "surrogateescape")
    section = re.search(METADATA, text, re.MULTILINE)
    if section is None:
        return None
    start, end = section.span("inside")
    option = re.compile(OPTION, re.MULTILINE | re.IGNORECASE).search(text, start, end)
    if option is None or not option["value"].strip():
        return None
    start, end = option.span("value")
    blank = len(option["value"]) - len(option["value"].lstrip())
    return literal(text, start + blank, start + len(option["value"].rstrip()))
