"""What a tree is: files and folders by path, wherever their bytes come from.

Paths are posix and relative to the workspace's root, which is ``""``. No tree follows a symbolic
link out of the workspace. This module is on the path of every commit: it imports next to nothing.
"""

from __future__ import annotations

from release_sync.errors import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class Tree(Protocol):
        """Files and folders, by path."""

        def read(self, path: str) -> bytes | None:
            """Return a regular file's bytes; None when there is no such file. Raises Unread."""
            ...

        def entries(self, folder: str) -> tuple[Entry, ...]:
            """Return what is in a folder, by name; empty when there is none. Raises Unread."""
            ...

        def tags(self) -> Tags:
            """Return the tags behind the commit that it is, or stands on. Raises Unread."""
            ...


LIMIT = 32_000_000
"""No file that a workspace is made of is larger; what is larger is not read into memory."""


class Unread(Unreadable):
    """What is there could not be read: nothing is known about it, so nothing may be concluded."""


class Oversized(Unreadable):
    """A file is too large to be what its name says."""


class Entry:
    """A name in a folder."""

    __slots__ = ("is_folder", "is_link", "name")

    def __init__(self, name: str, is_folder: bool, is_link: bool) -> None:  # noqa: FBT001 - fields
        """Keep the three: a link is a folder, too, when it leads to one inside the workspace."""
        self.name = name
        self.is_folder = is_folder
        self.is_link = is_link

    def __repr__(self) -> str:
        """Show a folder with a slash."""
        return f"Entry({self.name}{'/' if self.is_folder else ''})"


class Tags:
    """The names of tags; ``is_whole`` where one that is not among them is nowhere else either."""

    __slots__ = ("is_whole", "names")

    def __init__(self, names: Iterable[str] = (), *, is_whole: bool = False) -> None:
        """Keep both."""
        self.names = tuple(names)
        self.is_whole = is_whole

    def listed(self) -> bytes:
        """Return both as bytes, different for different tags."""
        return "\0".join([f"{self.is_whole:d}", *self.names]).encode("utf-8", "surrogateescape")
