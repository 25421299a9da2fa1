"""RS601: a file of changes is one, so that the next release can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.changelog.change_files import BadChange, change
from release_sync.toml.edits import encoded
from release_sync.toml.location import Location
from release_sync.toml.texts import Texts
from release_sync.workspace.changelogs.kept import change_files, keeps_changes
from release_sync.workspace.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Workspace


def change_faults(tree: Tree, workspace: Workspace) -> Iterator[Fault]:
    """Yield what is wrong with the files of changes, where that folder is ours."""
    if not keeps_changes(workspace, tree):
        return
    for path in change_files(tree):
        text = Texts(tree).text(path)
        try:
            found = change(path, text)
        except BadChange as error:
            start, end = (len(encoded(text[:at])) for at in (error.start, error.end))
            message = f"it is no change: {error.message}"
            yield Fault("RS601", Location(path, (), start, end), message)
            continue
        unknown = [name for name in found.members if name not in workspace.by_name]
        if unknown:
            message = f"{', '.join(unknown)} is no member of this workspace"
            yield Fault("RS601", Location(path, (), 0, 0), message)
