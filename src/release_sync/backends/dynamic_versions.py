"""How each build backend is told where a dynamic version is.

Each function follows one backend's documentation. They raise Unknown when the version can't be
known without running code, and TagIsVersion when it is the tag's.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from release_sync.backends.literals import assigned, content, matched
from release_sync.backends.version_source import Source, TagIsVersion, Unknown, in_file
from release_sync.toml.document import Broken, parse, strings, table
from release_sync.toml.location import Location
from release_sync.trees.paths import inside, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.backends.literals import Literal
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

HATCH = r"""(?i)^(__version__|VERSION)(?: ?\: ?str)? *= *(['"])v?(?P<version>.+?)\2"""
"""Hatch's default pattern (hatch.pypa.io, plugins/version-source/regex)."""

PDM = r"""^__version__\s*=\s*(['"])(?P<version>.+?)\1\s*(?:#.*)?$"""
"""PDM's pattern (backend.pdm-project.org, metadata)."""

SCIKIT = r"""(?i)^(__version__|version)(?: ?\: ?str)? *= *(['"])(?P<version>.+?)\2"""
"""scikit-build-core's default pattern (its documentation, configuration/dynamic)."""

MARK = b"\xef\xbb\xbf"
"""UTF-8's byte order mark, which backends that look for a pattern take for part of the line."""

VCS_SOURCES = frozenset({"vcs", "uv-dynamic-versioning", "versioningit"})


def hatch(tree: Tree, manifest: Manifest) -> Source:
    """``[tool.hatch.version]``: source ``regex`` (``path``, ``pattern``) or ``code``."""
    keys = ("tool", "hatch", "version")
    version = table(manifest.document, *keys)
    source = version.get("source", "regex")
    if source in VCS_SOURCES:
        raise TagIsVersion
    if source == "code":
        return in_file(tree, manifest, version.get("path"), _expression(version), *keys)
    if source != "regex" or "path" not in version:
        raise Unknown(f"hatch's version source {source!r:.100} can't be read here", *keys)
    pattern = version.get("pattern", True)
    find = partial(_first, pattern=HATCH if pattern is True else str(pattern), keys=keys)
    return in_file(tree, manifest, version["path"], find, *keys)


def setuptools(tree: Tree, manifest: Manifest) -> Source:
    """``[tool.setuptools.dynamic] version``: ``attr`` or ``file``."""
    keys = ("tool", "setuptools", "dynamic", "version")
    if "setuptools_scm" in table(manifest.document, "tool"):
        raise TagIsVersion
    version = table(manifest.document, *keys)
    if isinstance(version.get("attr"), str):
        bases = _setuptools_modules(table(manifest.document, "tool", "setuptools"))
        return _attribute(tree, manifest, version["attr"], keys, bases)
    files = version.get("file")
    path = files[0] if isinstance(files, list) and len(files) == 1 else files
    if isinstance(path, list):
        raise Unknown(f"setuptools puts the version together from {len(path)} files", *keys)
    if path is None:
        raise Unknown("the version is set by setup.py or setup.cfg, which are not read here")
    return in_file(tree, manifest, path, content, *keys)


def flit(tree: Tree, manifest: Manifest) -> Source:
    """``__version__`` of the module, which ``[tool.flit.module] name`` may name."""
    module = table(manifest.document, "tool", "flit", "module").get("name", manifest.display)
    name = str(module).replace("-", "_").replace(".", "/")
    return _attribute(tree, manifest, f"{name}.__version__", ("project", "dynamic"), {})


def pdm(tree: Tree, manifest: Manifest) -> Source:
    """``[tool.pdm.version]``: source ``file``, ``scm`` or ``call``."""
    keys = ("tool", "pdm", "version")
    version = table(manifest.document, *keys)
    if version.get("source") == "scm":
        raise TagIsVersion
    if version.get("source") != "file":
        raise Unknown(f"pdm's version source {version.get('source')!r:.100} runs code", *keys)
    find = partial(_first, pattern=PDM, keys=keys)
    return in_file(tree, manifest, version.get("path"), find, *keys)


def maturin(tree: Tree, manifest: Manifest) -> Source:
    """``package.version`` of ``Cargo.toml``, or what that inherits from the Cargo workspace."""
    own = table(manifest.document, "tool", "maturin").get("manifest-path", "Cargo.toml")
    path = inside(manifest.folder, str(own))
    if path is None:
        raise Unknown(f"{own!r:.100} is not a file of the workspace", "tool", "maturin")
    version = table(_cargo(tree, path), "package").get("version")
    if isinstance(version, str):
        return Source(version, Location(path, ("package", "version")))
    for above in _above(path):
        version = table(_cargo(tree, above), "workspace", "package").get("version")
        if isinstance(version, str):
            return Source(version, Location(above, ("workspace", "package", "version")))
    raise Unknown(f"{path} says no version")


def scikit(tree: Tree, manifest: Manifest) -> Source:
    """``[tool.scikit-build.metadata.version]``: the provider for regular expressions, or scm."""
    keys = ("tool", "scikit-build", "metadata", "version")
    version = table(manifest.document, *keys)
    if version.get("provider") == "scikit_build_core.metadata.setuptools_scm":
        raise TagIsVersion
    pattern = str(version.get("regex", SCIKIT)).replace("(?P<value>", "(?P<version>")
    find = partial(_first, pattern=pattern, keys=keys)
    return in_file(tree, manifest, version.get("input"), find, *keys)


def _first(data: bytes, pattern: str, keys: tuple[str, ...]) -> Literal | None:
    try:
        found = next(matched(data, pattern), None)
        hidden = found is None and data.startswith(MARK) and any(matched(data[3:], pattern))
    except (re.error, IndexError) as error:
        raise Unknown(f"the pattern {pattern!r:.100} {_flaw(error)}", *keys) from error
    if hidden:
        raise Unknown("a byte order mark hides the version: save the file without it", *keys)
    return found


def _flaw(error: Exception) -> str:
    from release_sync.backends.regex_timeout import Endless  # noqa: PLC0415 - few have patterns

    if isinstance(error, Endless):
        return f"takes too long: {error}"
    if isinstance(error, IndexError):
        return "has no group `version`"
    return f"is no regular expression: {error}"


def _expression(version: dict[str, Any]) -> partial[Literal | None]:
    name = version.get("expression", "__version__")
    if not isinstance(name, str) or not name.isidentifier():
        raise Unknown(f"the expression {name!r:.100} needs code to run", "tool", "hatch", "version")
    return partial(_assigned, name=name)


def _assigned(data: bytes, name: str) -> Literal | None:
    try:
        return assigned(data, name)
    except ValueError as error:
        raise Unknown(f"the module that should say the version can't be parsed: {error}") from error


def _setuptools_modules(settings: dict[str, Any]) -> dict[str, str]:
    """Return where top-level modules are, ``""`` for all others: ``package-dir`` or ``where``."""
    where = strings(table(settings, "packages", "find").get("where"))
    found = {"": where[0][1]} if where else {}
    said = table(settings, "package-dir").items()
    return found | {name: folder for name, folder in said if isinstance(folder, str)}


def _attribute(
    tree: Tree, manifest: Manifest, path: str, keys: tuple[str, ...], known: dict[str, str]
) -> Source:
    """Find ``package.module.name`` where its top-level module is known to be, or may be.

    That is below ``src`` or the member's folder. Without a module it is that folder's own.
    """
    module, _, name = path.strip().replace("/", ".").rpartition(".")
    first, *rest = (module or "__init__").split(".")
    ways = ["/".join((base, first, *rest)) for base in (known.get("", "."), "src", ".")]
    if first in known:
        ways.insert(0, "/".join((known[first], *rest)))
    for way in ways:
        for end in ("/__init__.py", ".py"):
            where = inside(manifest.folder, f"{way}{end}")
            if where is not None and tree.read(where) is not None:
                find = partial(_assigned, name=name)
                return in_file(tree, manifest, f"{way}{end}", find, *keys)
    raise Unknown(f"there is no module {module or first}, which should say the version", *keys)


def _cargo(tree: Tree, path: str) -> dict[str, Any]:
    data = tree.read(path)
    try:
        return {} if data is None else parse(data)
    except Broken as error:
        raise Unknown(f"{path} is broken in line {error.line}: {error.message}") from error


def _above(path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    for end in range(len(parts), -1, -1):
        yield join(*parts[:end], "Cargo.toml")
