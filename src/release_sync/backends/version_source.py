"""A version and where it stands; and the two reasons for which there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.toml.location import Location
from release_sync.trees.paths import inside

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.backends.literals import Literal
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree


class VersionSource(NamedTuple):
    """A version and its place; or that it is the tag's; or why it can't be known.

    ``tag`` is the pattern of the tags, where these are the package's own.
    """

    version: str | None
    place: Location | None = None
    dynamic: bool = False
    problem: str = ""
    tag: str = ""


class VcsVersion(Exception):  # noqa: N818 - it is an answer
    """The version comes from the version control system: there is nothing to compare.

    ``tag`` is the pattern of the package's own tags, ``""`` where it has none of its own.
    """

    def __init__(self, tag: str = "") -> None:
        """Keep it."""
        super().__init__(tag)
        self.tag = tag


class UndeterminedVersion(Exception):  # noqa: N818 - it is an answer
    """The version can't be known: ``reason`` is for the user, ``place`` is where it shows."""

    def __init__(self, reason: str, place: Location | None = None) -> None:
        """Keep both."""
        super().__init__(reason)
        self.reason = reason
        self.place = place


class UnknownSource(UndeterminedVersion):
    """Nothing that is known here says where the version is: a plugin may find it."""


def in_file(
    tree: Tree,
    manifest: Manifest,
    path: object,
    find: Callable[[bytes], Literal | None],
    named: Location,
) -> VersionSource:
    """Return the version that ``find`` sees in a file of the member, which is ``named`` there.

    Raises UndeterminedVersion.
    """
    where = inside(manifest.folder, path) if isinstance(path, str) else None
    if where is None:
        message = f"{path!r:.100} is not a file of the workspace"
        raise UndeterminedVersion(message, named)
    data = tree.read(where)
    if data is None:
        message = f"there is no {where}, which should say the version"
        raise UndeterminedVersion(message, named)
    found = find(data)
    if found is None:
        message = f"{where} says no version that can be read without running it"
        raise UndeterminedVersion(message, named)
    return VersionSource(found.text, Location(where, (), found.start, found.end))
