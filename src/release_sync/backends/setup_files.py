"""The version in ``setup.py`` and ``setup.cfg``, of which neither is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.backends.literals import (
    assigned,
    content,
    literal,
    string_span,
    syntax_tree,
)
from release_sync.backends.python_modules import attribute
from release_sync.backends.version_source import (
    UndeterminedVersion,
    UnknownSource,
    VcsVersion,
    VersionSource,
    in_file,
)
from release_sync.toml.location import Location
from release_sync.trees.paths import join

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping
    from typing import TypeGuard

    from release_sync.backends.literals import Literal
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

CODE = "setup.py finds the version by running code, which a check does not"
METADATA = r"^\[metadata\][^\n]*\n(?P<inside>(?:(?!\[)[^\n]*(?:\n|\Z))*)"
OPTION = r"^version[ \t]*[=:](?P<value>[^\n]*(?:\n[ \t]+[^\n]*)*)"
"""An option goes on in the lines after it that are indented (configparser)."""


def of_setup_py(tree: Tree, manifest: Manifest) -> VersionSource | None:
    """Return the version that ``setup`` is called with; None when it is called with none."""
    path = join(manifest.folder, "setup.py")
    data = tree.read(path)
    found = None if data is None else _passed(data)
    return found and VersionSource(found.text, Location(path, (), found.start, found.end))


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


def _passed(data: bytes) -> Literal | None:
    """Return the literal ``version`` that ``setup`` is called with; None when it is with none.

    A name will do that is assigned once. Raises UnknownSource for what only running it would tell,
    and VcsVersion where it asks for setuptools-scm.
    """
    import ast  # noqa: PLC0415 - few members have such a file

    text = data.decode("utf-8", "surrogateescape")
    try:
        nodes = list(ast.walk(syntax_tree(text)))
    except ValueError as error:
        raise UnknownSource(f"setup.py can't be parsed: {error}") from error
    keywords = [keyword for one in nodes if _is_setup(one) for keyword in one.keywords]
    if any(one.arg == "use_scm_version" for one in keywords):
        raise VcsVersion
    versions = [one.value for one in keywords if one.arg == "version"]
    if not versions and all(one.arg for one in keywords):
        return None
    value = versions[0] if len(versions) == 1 else None
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return string_span(text, value)
    found = _assigned_once(data, nodes, value.id) if isinstance(value, ast.Name) else None
    if found is None:
        raise UnknownSource(CODE)
    return found


def _is_setup(node: ast.AST) -> TypeGuard[ast.Call]:
    import ast  # noqa: PLC0415 - the same

    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return "setup" in {getattr(called, "id", ""), getattr(called, "attr", "")}


def _assigned_once(data: bytes, nodes: list[ast.AST], name: str) -> Literal | None:
    import ast  # noqa: PLC0415 - the same

    stores = [one for one in nodes if isinstance(one, ast.Name) and one.id == name]
    is_once = sum(isinstance(one.ctx, ast.Store) for one in stores) == 1
    return assigned(data, name) if is_once else None


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
    blank = len(option["value"]) - len(option["value"].lstrip(" \t"))
    return literal(text, start + blank, start + len(option["value"].rstrip()))
