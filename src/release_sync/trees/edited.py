"""A tree as it would be after an edit."""

from __future__ import annotations

from release_sync.trees.tree import Tags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from release_sync.trees.tree import Entry, Tree


class EditedTree:
    """A tree with some files replaced, and with tags that will be made. Implements ``Tree``."""

    def __init__(
        self, tree: Tree, files: Mapping[str, bytes | None], tags: Iterable[str] = ()
    ) -> None:
        """Lay files over a tree, by path; None stands for one that is gone."""
        self._tree = tree
        self._files = files
        self._tags = tuple(tags)

    def read(self, path: str) -> bytes | None:
        """Return the edited bytes, or those below."""
        return self._files[path] if path in self._files else self._tree.read(path)

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return what is below, without what is gone; what an edit adds is not shown."""
        there = self._tree.entries(folder)
        gone = {path for path, content in self._files.items() if content is None}
        above = f"{folder}/" if folder else ""
        return tuple(one for one in there if f"{above}{one.name}" not in gone) if gone else there

    def tags(self) -> Tags:
        """Return those below, and those that will be made."""
        there = self._tree.tags()
        return Tags((*there.names, *self._tags), is_whole=there.is_whole)
