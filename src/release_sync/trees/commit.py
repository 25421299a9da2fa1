"""What is committed: the tree of a commit."""

from __future__ import annotations

from release_sync.errors import Unreadable
from release_sync.lines import split_records
from release_sync.trees.git import ask, revision, toplevel
from release_sync.trees.listed import Listed
from release_sync.trees.tree import Unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.trees.tree import Tags


class CommitTree(Listed):
    """What is committed at ``rev``; ``root`` is a working tree, a folder in one, or a git dir.

    ``folder`` is the workspace's, below ``root``: a git dir has no folders to stand in.
    """

    kind = "commit"

    def __init__(self, root: str, rev: str, folder: str = "") -> None:
        """List the commit's files. Raises Unreadable when there is no such revision."""
        self.root = root
        top, way = toplevel(root)
        git, prefix = top or root, f"{way}{folder}/" if folder else way
        found = revision(git, rev)
        if not found:
            raise Unreadable(f"there is no revision {rev!r}", hint="see `git log --oneline`")
        listed = ("ls-tree", "-r", "-z", "--full-tree", found)
        try:
            listing = ask(git, "--literal-pathspecs", *listed, *([prefix] if prefix else ()))
        except Unread as error:
            message = f"there are no files at {rev!r}: {error.message}"
            raise Unread(message, hint="name a commit or a tag that is whole") from error
        super().__init__(git, prefix, _committed(listing, prefix))
        self._name = found

    def tags(self) -> Tags:
        """Return the tags behind the commit; none behind what is only a tree. Raises Unread."""
        from release_sync.trees.tags import tags_behind  # noqa: PLC0415 - few versions are tags

        return tags_behind(self.root, self._name)


def _committed(listing: bytes, prefix: str) -> Iterable[tuple[str, str, str]]:
    """Read ``git ls-tree -r -z``: mode, type, blob, tab, path."""
    for record in split_records(listing):
        head, _, path = record.partition("\t")
        mode, _, name = head.split(" ")
        yield path[len(prefix) :], mode, name
