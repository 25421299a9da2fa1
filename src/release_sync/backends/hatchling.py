"""hatchling: ``[tool.hatch]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.own_tags import dunamai_version, of_hatch_vcs, of_manifest
from release_sync.backends.package_json import package_version
from release_sync.backends.patterns import first_match
from release_sync.backends.python_modules import assignment
from release_sync.backends.requirement_tables import array, arrays
from release_sync.backends.version_source import (
    UndeterminedVersion,
    UnknownSource,
    VcsVersion,
    in_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from functools import partial

    from release_sync.backends.literals import Literal
    from release_sync.backends.requirement_tables import Row
    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.document import Table
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VCS_PLUGINS = frozenset({"dunamai", "hatch-vcs", "uv-dynamic-versioning", "versioningit"})
VERSION_VARIABLES = frozenset(
    {
        "SETUPTOOLS_SCM_PRETEND_VERSION",  # hatch-vcs stands on setuptools-scm
        "UV_DYNAMIC_VERSIONING_BYPASS",
    }
)

VCS_SOURCES = frozenset({"vcs", "uv-dynamic-versioning", "versioningit"})
"""The values of ``source`` with which the tag is the version."""

REGEX_SOURCES = frozenset({"regex", "regex_commit"})
"""Those that look for a pattern in a file: hatch's own, and one that also commits the file."""

BUILT_IN = frozenset({"code", "env", "regex"})

PATTERN = r"""(?i)^(__version__|VERSION)(?: ?\: ?str)? *= *(['"])v?(?P<version>.+?)\2"""
"""Hatch's default pattern (hatch.pypa.io, plugins/version-source/regex)."""

TEMPLATES = "tool.hatch.metadata.hooks.uv-dynamic-versioning"
"""The table in which a build hook fills in ``{{ version }}``: the version that is built."""

ENVIRONMENT = ("dependencies", "extra-dependencies")


def version(tree: Tree, manifest: Manifest, table: Table) -> VersionSource:
    """Return ``[tool.hatch.version]``: source ``regex``, ``code`` or ``nodejs``, each with a path.

    A source of another name is a plugin's.
    """
    settings = table.table("version")
    source = settings.string("source") if settings.has("source") else "regex"
    if source == "uv-dynamic-versioning":
        return dunamai_version(tree, manifest, manifest.tool("uv-dynamic-versioning"))
    if source in VCS_SOURCES:
        by_table = source == "versioningit"
        raise VcsVersion(of_manifest(manifest) if by_table else of_hatch_vcs(settings))
    path = settings.value("path")
    if source == "code":
        return in_file(tree, manifest, path, _expression(settings), settings.location())
    if source == "nodejs":
        path = "package.json" if path is None else path
        return in_file(tree, manifest, path, package_version, settings.location())
    if source not in REGEX_SOURCES or path is None:
        message = f"hatch's version source {source!r:.100} can't be read here"
        unread = UndeterminedVersion if source in BUILT_IN else UnknownSource
        raise unread(message, settings.location())
    pattern = settings.string("pattern", PATTERN)
    return in_file(tree, manifest, path, first_match(pattern, settings), settings.location())


def import_packages(table: Table) -> Iterator[tuple[str, str]]:
    """Yield ``build.targets.wheel.packages``: folders, of which the last part is kept."""
    for folder in table.table("build", "targets", "wheel").texts("packages"):
        yield "", folder


def requirements(table: Table) -> Iterator[Row]:
    """Yield what environments, builds and the hook's templates require."""
    for name, environment in table.tables("envs"):
        yield from _environment(environment, name)
    yield from _build(table.table("build"))
    hook = table.table("metadata", "hooks", "uv-dynamic-versioning")
    for row in array(hook, "dependencies", use="runtime"):
        yield row._replace(form="template")
    for row in arrays(hook.table("optional-dependencies")):
        yield row._replace(form="template")


def _expression(settings: Table) -> partial[Literal | None]:
    name = settings.value("expression") if settings.has("expression") else "__version__"
    if not isinstance(name, str) or not name.isidentifier():
        message = f"the expression {name!r:.100} needs code to run"
        raise UndeterminedVersion(message, settings.location())
    return assignment(name)


def _environment(environment: Table, name: str) -> Iterator[Row]:
    """Yield an environment's own requirements, and those that its ``overrides`` put there."""
    named = "tool.hatch.envs"
    for kind in ENVIRONMENT:
        yield from array(environment, kind, name, named=named, use="development")
    sources = [source for _, source in environment.tables("overrides")]
    for options in (options for source in sources for _, options in source.tables()):
        for key in options.content:
            if key.removeprefix("set-") in ENVIRONMENT:
                use = "development"
                yield from array(options, key, name, named=named, use=use, inner="value")


def _build(build: Table) -> Iterator[Row]:
    """Yield what hatch builds with: for all, for a target, for a hook of either."""
    yield from array(build, "dependencies", named="tool.hatch.build", use="development")
    for kind in ("targets", "hooks"):
        for _, one in build.tables(kind):
            yield from _build(one)
