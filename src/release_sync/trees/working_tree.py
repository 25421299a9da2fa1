"""The files on disk.

This module is on the path of every commit: it imports next to nothing.
"""

from __future__ import annotations

import os

from release_sync.trees.git import drained, is_sparse
from release_sync.trees.symlinks import resolve
from release_sync.trees.system import FOLDER, KIND, REGULAR, SYMBOLIC, is_name, opened, slashed
from release_sync.trees.tree import LIMIT, Entry, Oversized

TYPE_CHECKING = False
if TYPE_CHECKING:
    from release_sync.trees.listed import Listed
    from release_sync.trees.tree import Tags

NO_LINK = 22
"""``errno.EINVAL``, whose module is not imported for it (readlink(2))."""
DOTS = frozenset({"", ".", ".."})
CHUNK = 1 << 16


class WorkingTree:
    """The files as they lie on disk under ``root``."""

    kind = "working"

    def __init__(self, root: str) -> None:
        """Read below ``root``, a folder."""
        self.root = root
        self._folders: dict[str, str | None] = {"": ""}
        self._absent: Listed | None = None
        self._is_whole = False

    def read(self, path: str) -> bytes | None:
        """Return a regular file's bytes; None when there is no such file. Raises Unreadable."""
        folder, _, name = path.rpartition("/")
        real = self._folder(folder)
        if real is None:
            return None
        plain = name if not real else f"{real}/{name}"
        try:
            return self._bytes(plain)
        except (OSError, ValueError) as error:
            return self._instead(plain, error)

    def token(self, path: str) -> bytes | None:
        """Return what stands for a file's content: here, the content."""
        return self.read(path)

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return what is in a folder, by name; empty when there is none. Raises Unread."""
        real = self._folder(folder)
        if real is None:
            return ()
        found = self._listed(real)
        absent = self._left_out()
        if absent:
            known = {one[0] for one in found}
            more = [one for one in absent.entries(real) if one.name not in known]
            found += [(one.name, one.is_folder, one.is_link) for one in more]
        found.sort()
        return tuple([Entry(*one) for one in found])

    def tags(self) -> Tags:
        """Return the tags behind HEAD. Raises Unread."""
        from release_sync.trees.tags import tags_behind  # noqa: PLC0415 - few versions are tags

        return tags_behind(self.root, "HEAD")

    def _left_out(self) -> Listed | None:
        """Return what git has left out of a sparse checkout: there the index has the content."""
        if self._absent is None and not self._is_whole:
            self._is_whole = not is_sparse(self.root)
            if not self._is_whole:
                from release_sync.trees.sparse_checkout import left_out  # noqa: PLC0415 - few have it

                self._absent = left_out(self.root)
        return self._absent

    def _listed(self, real: str) -> list[tuple[str, bool, bool]]:
        """Return the names in a folder, whether each is a folder, and whether it is a link."""
        try:
            with os.scandir(self._full(real)) as listing:
                return [(one.name, *self._kind(real, one)) for one in listing]
        except (FileNotFoundError, ValueError):
            return []
        except OSError as error:
            _must_be_absent(real, error)
            return []

    def _instead(self, plain: str, error: OSError | ValueError) -> bytes | None:
        """Return the file that a link leads to, or that git has left out. Raises Unread."""
        if isinstance(error, ValueError):  # a null character: no file has such a name
            return None
        if isinstance(error, FileNotFoundError):  # and no link either: that would be ELOOP
            absent = self._left_out()
            return absent.read(plain) if absent else None
        real = self._resolve(plain)
        if real is None:
            return None
        if real != plain:
            return self.read(real)
        _must_be_absent(plain, error)
        return None

    def _bytes(self, plain: str) -> bytes | None:
        descriptor = opened(self._full(plain), follow=False)
        try:
            data = os.read(descriptor, CHUNK)
            if data and len(data) < CHUNK:  # the whole file, as nearly always: asked nothing else
                return data
            status = os.fstat(descriptor)
            if status.st_mode & KIND != REGULAR:
                return None
            if status.st_size > LIMIT:
                raise Oversized(f"{plain} is {status.st_size:,} bytes long: not what it should be")
            return drained(descriptor, data, LIMIT)
        finally:
            os.close(descriptor)

    def _folder(self, path: str) -> str | None:
        """Return where a folder really is; asked once for each."""
        if path in self._folders:
            return self._folders[path]
        parent, _, name = path.rpartition("/")
        real = self._folder(parent)
        if real is not None:
            joined = f"{real}/{name}" if real else name
            real = joined if self._is_plain(joined, name) else self._resolve(joined)
        self._folders[path] = real
        return real

    def _is_plain(self, path: str, name: str) -> bool:
        """Return whether no link has to be followed; ``lstat`` takes a third of ``readlink``'s."""
        if name in DOTS:
            return False
        try:
            return os.lstat(self._full(path)).st_mode & KIND != SYMBOLIC
        except (OSError, ValueError):
            return True

    def _kind(self, folder: str, entry: os.DirEntry[str]) -> tuple[bool, bool]:
        """Return whether an entry is a folder, and whether it is a link."""
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_dir(follow_symlinks=False):
            self._folders[path] = path
            return True, False
        if not entry.is_symlink():
            return False, False
        real = self._resolve(path)
        return real is not None and self._is_folder(real), True

    def _is_folder(self, real: str) -> bool:
        try:
            return os.stat(self._full(real)).st_mode & KIND == FOLDER  # noqa: PTH116 - no pathlib
        except OSError as error:
            _must_be_absent(real, error)
        absent = self._left_out()
        return absent is not None and bool(absent.entries(real))

    def _resolve(self, path: str) -> str | None:
        return resolve(path, self._target)

    def _target(self, path: str) -> str | None:
        try:
            return slashed(os.readlink(self._full(path)))  # noqa: PTH115 - importing pathlib costs 10 ms
        except (FileNotFoundError, ValueError):
            return None
        except OSError as error:
            if error.errno != NO_LINK:
                _must_be_absent(path, error)
            return None

    def _full(self, path: str) -> str:
        """Return where a path is on disk. Raises ValueError where no file can have such a name."""
        if not is_name(path):
            raise ValueError(path)
        return f"{self.root}/{path}"


def _must_be_absent(path: str, error: OSError) -> None:
    from release_sync.trees.failures import must_be_absent  # noqa: PLC0415 - only for a failure

    must_be_absent(path, error)
