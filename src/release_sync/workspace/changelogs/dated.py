"""The changelogs in which a release commit has made a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.changelog.headings import parsed
from release_sync.errors import Unreadable
from release_sync.toml.texts import Texts
from release_sync.workspace.changelogs.kept import changelogs
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.trees.tree import Tree


def dated(before: Tree, after: Tree) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each changelog that has sections ``after`` a commit, and not before, and the versions.

    Of a workspace that can't be read there is none.
    """
    try:
        workspace = read(after)
        paths = {path for one in workspace.groups for path in changelogs(workspace, after, one)}
    except Unreadable:
        return
    for path in sorted(paths):
        old, new = Texts(before).text(path), Texts(after).text(path)
        if old != new:
            known = {one.version for one in parsed(old).versions}
            made = tuple(one.version for one in parsed(new).versions if one.version not in known)
            if made:
                yield path, made
