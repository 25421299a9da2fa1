"""What the changelogs of a workspace say of a version of a group: its notes are made of it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from release_sync.changelog.entry import entry, unreleased
from release_sync.toml.texts import Texts
from release_sync.workspace.changelogs.kept import changelogs, owner
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.trees.tree import Tree


class ChangelogEntry(NamedTuple):
    """What a changelog says of a version, as it is written there.

    ``member`` is whose changelog it is, normalised; ``""`` for that of the root.
    """

    member: str
    path: str
    text: str


def entries(
    tree: Tree, group: str, version: str, added: Iterable[str] = ()
) -> tuple[ChangelogEntry, ...]:
    """Return what the changelogs of a group say of a version; the root's, if it is its own, first.

    Where a file has no section of it, as for a pre-release, what is unreleased there counts.
    ``added`` are files that the tree does not list. Raises Unreadable.
    """
    workspace, texts, found = read(tree), Texts(tree), []
    own = workspace.group_by_name.get(group)
    for pattern in changelogs(workspace, tree, own) if own else ():
        for path in _matching(tree, pattern, added):
            said = entry(texts.text(path), version)
            if said is None:
                said = unreleased(texts.text(path))
            if said:
                found.append(ChangelogEntry(owner(workspace, path)[0], path, said))
    return tuple(sorted(found))


def _matching(tree: Tree, pattern: str, added: Iterable[str]) -> Iterator[str]:
    """Yield the files that are meant: towncrier may have one for each version."""
    if "*" not in pattern:
        yield pattern
        return
    folder = pattern.rpartition("/")[0]
    above = f"{folder}/" if folder else ""
    listed = (f"{above}{one.name}" for one in tree.entries(folder) if not one.is_folder)
    yield from (path for path in dict.fromkeys((*listed, *added)) if fnmatchcase(path, pattern))
