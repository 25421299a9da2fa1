"""What towncrier is configured to do: its fragments, and the file that they are collected in.

As its documentation has it ("Configuration reference"): ``towncrier.toml`` counts before
``pyproject.toml``, both have the table ``[tool.towncrier]``.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Unreadable
from release_sync.standards.names import normalise
from release_sync.toml.document import Broken, document
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.paths import join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.toml.document import Table
    from release_sync.toml.edits import FileEdit
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Workspace

NAME = "towncrier"
OWN_FILE = "towncrier.toml"
NEWS = "newsfragments"
LOCKED = re.compile(
    rb'^name = "([^"\n]+)"\r?\nversion = "([^"\n]+)"\r?\nsource = \{ registry = ', re.MULTILINE
)
"""A package of an index in ``uv.lock``."""
WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


TYPES = ("feature", "bugfix", "doc", "removal", "misc")
"""The types that there are where none are configured."""


class Fragments(NamedTuple):
    """What one configuration of towncrier means; paths are relative to the workspace's root.

    ``folder`` is where it is run, ``directory`` has the fragments below it, only in folders that
    are called ``newsfragments`` where they are ``nested`` in a package. They are collected in
    ``news``, a glob where each version has a file of its own. A fragment's name has one of the
    ``types`` behind a dot; ``others`` are globs of names that are none, in any case.
    """

    folder: str
    directory: str
    news: str
    nested: bool = False
    single: bool = True
    types: tuple[str, ...] = TYPES
    others: tuple[str, ...] = ()

    def is_fragment(self, path: str) -> bool:
        """Return whether a path is that of a fragment, by its name: ``123.feature.md``."""
        if not path.startswith(f"{self.directory}/"):
            return False
        *above, name = path[len(self.directory) + 1 :].split("/")
        if self.nested and NEWS not in (posixpath.basename(self.directory), *above):
            return False
        if any(fnmatchcase(name.lower(), one.lower()) for one in ("readme*", ".*", *self.others)):
            return False
        return any(part in self.types for part in name.split(".")[1:])

    def admits(self, edit: FileEdit) -> bool:
        """Return whether towncrier may do this: a fragment vanishes, the changelog gains."""
        if edit.gone:
            return self.is_fragment(edit.path)
        if self.single:
            return edit.path == self.news and gains(edit.before, edit.after)
        return not edit.before and fnmatchcase(edit.path, self.news)


class Asked(NamedTuple):
    """What towncrier is asked to do: which versions are ``released``, and on which ``day``.

    ``requirement`` says which towncrier it is, ``locked`` has pins of what it may need.
    """

    requirement: str
    released: tuple[tuple[Fragments, str], ...]
    day: str
    locked: tuple[str, ...] = ()


def gains(before: bytes, after: bytes) -> bool:
    """Return whether a text has all lines of another one, and more of them in one place.

    Blank lines, and how lines end, don't count.
    """
    old, new = (
        [one.rstrip() for one in re.split(rb"[\r\n]+", text) if one.strip()]
        for text in (before, after)
    )
    kept = 0
    while kept < len(old) and kept < len(new) and old[kept] == new[kept]:
        kept += 1
    rest = len(old) - kept
    return len(new) > len(old) and (rest == 0 or old[kept:] == new[-rest:])


def configured(tree: Tree, folder: str) -> Fragments | None:
    """Return what towncrier is configured to do in a folder. Raises Unreadable for broken TOML."""
    for name in (OWN_FILE, MANIFEST):
        path = join(folder, name)
        data = tree.read(path)
        if data is None or b"towncrier" not in data:
            continue
        try:
            table = document(path, data).table("tool", NAME)
        except Broken as error:
            raise Unreadable(f"{path}:{error.line}:{error.column}: {error.message}") from error
        if document(path, data).table("tool").has(NAME):
            return _fragments(folder, table)
    return None


def _fragments(folder: str, table: Table) -> Fragments:
    directory, package = table.string("directory"), table.string("package")
    nested = bool(package) and not directory
    if not directory:
        inner = posixpath.join(table.string("package_dir", "."), *package.split("."))
        directory = inner if package and table.has("section") else posixpath.join(inner, NEWS)
    news = table.string("filename", "NEWS.rst")
    single = table.value("single_file", default=True) is not False
    if not single:
        news = re.sub(r"\{[^}]*\}", "*", news)
    below, file = (posixpath.normpath(posixpath.join(folder, one)) for one in (directory, news))
    template = posixpath.basename(table.string("template"))  # of a package it has a colon
    others = (*([template] if template and ":" not in template else []), *table.texts("ignore"))
    return Fragments(folder, below, file, nested, single, _types(table), others)


def _types(table: Table) -> tuple[str, ...]:
    """Return the types of fragments, in both forms in which they may be configured."""
    listed = (one.string("directory") or one.string("name").lower() for one in table.array("type"))
    named = (one.lower() for one in table.table("fragment").content)
    return (*named, *listed) or TYPES


def fragments_in(tree: Tree, found: Fragments) -> Iterator[str]:
    """Yield the fragments that there are."""
    folders = [found.directory]
    while folders:
        folder = folders.pop()
        for one in tree.entries(folder):
            path = f"{folder}/{one.name}"
            if one.is_folder and not one.is_link:
                folders.append(path)
            elif found.is_fragment(path):
                yield path


def requirements(workspace: Workspace, tree: Tree) -> tuple[str, tuple[str, ...]]:
    """Return the requirement for the workspace's own towncrier: that of its lock, or of a group.

    And what else such a lock has of indexes, as pins; it has nothing to say of a package that it
    has in several versions. Raises Unreadable where nothing asks for any towncrier.
    """
    for lock in workspace.locks:
        found = LOCKED.findall(tree.read(lock.path) or b"")
        times = Counter(name for name, _ in found)
        pins = {name.decode(): f"{name.decode()}=={version.decode()}" for name, version in found}
        if NAME in pins:
            own = pins.pop(NAME)
            return own, tuple(pin for name, pin in pins.items() if times[name.encode()] == 1)
    for text in _asked_for(workspace, tree):
        word = WORD.match(text)
        if word and normalise(word[0]) == NAME:
            return text, ()
    raise Unreadable(
        "towncrier is configured, and no group of dependencies says which one",
        hint="run `uv add --group dev towncrier`, and commit it;"
        ' or set style = "off" in [tool.release-sync.changelog]',
    )


def _asked_for(workspace: Workspace, tree: Tree) -> Iterator[str]:
    """Yield every requirement of every manifest that is not only a package's own need."""
    for path in dict.fromkeys((MANIFEST, *(one.manifest for one in workspace.members))):
        whole = document(path, tree.read(path) or b"")
        for above in (
            whole.table("dependency-groups"),
            whole.table("project", "optional-dependencies"),
        ):
            for name in above.content:
                yield from above.texts(name)
        yield from whole.table("tool", "uv").texts("dev-dependencies")
        yield from whole.table("project").texts("dependencies")
