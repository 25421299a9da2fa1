"""Tags of a package's own: what the settings of version plugins say of the names of its tags.

Nearly everything here returns a pattern with ``{version}`` in it, such as ``core/v{version}``; and
``""`` where a package has no tags of its own: those that begin with the version, or with a ``v``,
are everybody's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.backends.literals import content
from release_sync.backends.patterns import first_match
from release_sync.backends.version_source import UndeterminedVersion, VcsVersion, in_file
from release_sync.standards.ref_names import is_invalid_ref

if TYPE_CHECKING:
    from release_sync.backends.version_source import VersionSource
    from release_sync.toml.document import Table
    from release_sync.toml.location import Location
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

VERSION = "{version}"
LIMIT = 1000
"""No regular expression for a tag is longer; one that is may take very long to read."""

EVERYBODYS = frozenset({"", "v", "V"})

START = r"\^?(?P<start>(?:\\[^A-Za-z0-9]|[^\\.^$*+?{}\[\]|()])*)(?P<optional>\??)(?=[(\[]|\\d|\Z)"
"""What a regular expression begins with that stands for nothing but itself, up to the version."""

MATCH = r"--match(?:=| +)['\"]?(?P<glob>[^'\" ]+)"
"""An option of git-describe(1)."""

REFERENCE = r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*"
"""A function in a module, as entry points are written."""

FIRST_GROUP = r"(?<!\\)\((?:\?P<\w+>|(?!\?))"


def of_setuptools_scm(settings: Table) -> str:
    """Return the pattern by setuptools-scm's settings: ``tag_regex``, and the describe command.

    These may stand below ``tag`` and ``scm.git``, too, and ``tag.prefix`` says all (setuptools-scm,
    config).
    """
    tag = settings.table("tag")
    if tag.string("prefix"):
        return _usable(tag.string("prefix"))
    command = settings.value("git_describe_command", "")
    if not command:
        command = settings.table("scm", "git").value("describe_command", "")
    words = command if isinstance(command, list) else [command]
    found = re.search(MATCH, " ".join(one for one in words if isinstance(one, str)))
    regex = settings.string("tag_regex", tag.string("regex"))
    return pattern(regex, found["glob"] if found else "")


def of_versioningit(settings: Table) -> str:
    """Return the pattern by ``tag2version``, and by ``vcs.match`` (versioningit, configuration).

    Raises UndeterminedVersion where code of the package's own says either.
    """
    tag, vcs = settings.table("tag2version"), settings.table("vcs")
    for one in (tag, vcs):
        if one.is_table("method"):
            raise _by_code("versioningit", one.location("method"))
    globs = vcs.texts("match")
    prefix = re.escape(tag.string("rmprefix"))
    return pattern(prefix + tag.string("regex").removeprefix("^"), *(globs[:1] or ("",)))


def of_git_versioning(settings: Table) -> str:
    """Return the pattern by ``tag_formatter``, and by ``tag_filter``: regular expressions.

    Raises UndeterminedVersion for code that says it, and where a file says the version
    (setuptools-git-versioning, options).
    """
    for key in ("version_callback", "version_file"):
        if settings.has(key):
            raise _by_code("setuptools-git-versioning", settings.location(key))
    said = [settings.string(key) for key in ("tag_formatter", "tag_filter")]
    for key, text in zip(("tag_formatter", "tag_filter"), said, strict=True):
        if re.fullmatch(REFERENCE, text):
            raise _by_code("setuptools-git-versioning", settings.location(key))
    return next((found for found in (pattern(text, "") for text in said if text) if found), "")


def of_versioneer(settings: Table) -> str:
    """Return the pattern by ``tag_prefix`` (versioneer, installation)."""
    return _usable(settings.string("tag_prefix"))


OF_TABLES = {
    "setuptools_scm": of_setuptools_scm,
    "vcs-versioning": of_setuptools_scm,
    "versioningit": of_versioningit,
    "setuptools-git-versioning": of_git_versioning,
    "versioneer": of_versioneer,
}
"""The tables of version plugins below ``[tool]``, and what says the pattern by one."""


def of_manifest(manifest: Manifest) -> str:
    """Return the pattern by the first table of a version plugin. Raises UndeterminedVersion."""
    found = ((manifest.tool(name), read) for name, read in OF_TABLES.items())
    return next((read(settings) for settings, read in found if settings.content), "")


def of_hatch_vcs(settings: Table) -> str:
    """Return the pattern by ``[tool.hatch.version]``: ``tag-pattern``, else ``raw-options``."""
    options = settings.table("raw-options")
    if not settings.is_string("tag-pattern"):
        return of_setuptools_scm(options)
    said = {**options.content, "tag_regex": settings.string("tag-pattern")}
    return of_setuptools_scm(options._replace(content=said))


def of_dunamai(settings: Table) -> str:
    """Return the pattern by the settings of the dynamic-versioning plugins, which are dunamai's.

    ``pattern-prefix`` comes before ``pattern``: a regular expression, or the name of one.
    """
    prefix = settings.string("pattern-prefix").replace("\\", "")
    said = settings.string("pattern", "default")
    named = {"default": "v", "default-unprefixed": ""}
    return _usable(prefix + (named[said] if said in named else _start(said)))


def dunamai_version(tree: Tree, manifest: Manifest, settings: Table) -> VersionSource:
    """Return the version in the file that ``from-file`` names: all of it, or its pattern's group.

    Raises VcsVersion where it names none, and UndeterminedVersion.
    """
    file = settings.table("from-file")
    if not file.has("source"):
        raise VcsVersion(of_dunamai(settings))
    path, place = file.value("source"), file.location()
    if not file.is_string("pattern"):
        return in_file(tree, manifest, path, content, place)
    regex = re.sub(FIRST_GROUP, "(?P<version>", file.string("pattern"), count=1)
    return in_file(tree, manifest, path, first_match(regex, file), place)


def pattern(regex: str, glob: str) -> str:
    """Return the pattern of what a regular expression and a glob both take.

    Of the two that one counts which says more; where they differ, git only looks for the glob's.
    """
    first, other = _start(regex), re.split(r"[*?\[]", glob)[0]
    return _usable(first if first.startswith(other) else other)


def _start(regex: str) -> str:
    """Return what every match begins with; a character that may be left out does not count."""
    if len(regex) > LIMIT:
        return ""
    found = re.match(START, regex)
    start = found["start"] if found else ""
    if found and found["optional"]:
        start = re.sub(r"\\?.\Z", "", start)
    return "" if "|" in _outside(regex) else start.replace("\\", "")


def _outside(regex: str) -> str:
    """Return what stands outside of all groups: there a ``|`` parts the whole expression."""
    before = ""
    while before != regex:
        before, regex = regex, re.sub(r"\\.|\[[^\]]*\]|\([^()]*\)", "", regex)
    return regex


def _by_code(plugin: str, place: Location) -> UndeterminedVersion:
    return UndeterminedVersion(
        f"{plugin} is told where the version is in a way not read here", place
    )


def _usable(start: str) -> str:
    own = f"{start}{VERSION}"
    return "" if start in EVERYBODYS or is_invalid_ref(own) or "{" in start else own
