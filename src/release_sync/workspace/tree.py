"""Where bytes come from: the working tree, what is staged, a commit.

Paths are posix and relative to the workspace's root, which is ``""``. No tree follows a symbolic
link out of the workspace. This module is on the path of every commit: it imports next to nothing.
"""

from __future__ import annotations

import os

from release_sync.errors import Unreadable
from release_sync.workspace.links import resolve
from release_sync.workspace.objects import KIND, REGULAR, Blobs, ask, paths, toplevel, unstaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class Tree(Protocol):
        """Files and folders, by path."""

        def read(self, path: str) -> bytes | None:
            """Return a regular file's bytes; None when there is no such file."""
            ...

        def entries(self, folder: str) -> tuple[Entry, ...]:
            """Return what is in a folder, by name; empty when there is no such folder."""
            ...


LIMIT = 32_000_000
"""No file that a workspace is made of is larger; what is larger is not read into memory."""

SYMBOLIC = 0o120000
DOTS = frozenset({"", ".", ".."})
CHUNK = 1 << 16
LINK = "120000"

EMPTY = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)
"""git's names for no bytes at all, in SHA-1 and in SHA-256."""

TELLING = ("pyproject.toml", "uv.lock")
"""Files that say something by being there; elsewhere, an empty file says as little as none."""
MANIFEST = "/pyproject.toml"
"""Who asks for one of these will ask for nearly all of them."""


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


class WorkingTree:
    """The files as they lie on disk under ``root``."""

    kind = "working"

    def __init__(self, root: str) -> None:
        """Read below ``root``, a folder."""
        self.root = root
        self._folders: dict[str, str | None] = {"": ""}

    def read(self, path: str) -> bytes | None:
        """Return a regular file's bytes; None when there is no such file. Raises Unreadable."""
        folder, _, name = path.rpartition("/")
        real = self._folder(folder)
        if real is None:
            return None
        plain = name if not real else f"{real}/{name}"
        try:
            return self._bytes(plain)
        except FileNotFoundError:  # and no link either: that would be another error, ELOOP
            return None
        except OSError as error:
            return self._behind_link(plain, error)
        except ValueError:  # a null character: no file has such a name
            return None

    def token(self, path: str) -> bytes | None:
        """Return what stands for a file's content: here, the content."""
        return self.read(path)

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return what is in a folder, by name; empty when there is no such folder."""
        real = self._folder(folder)
        if real is None:
            return ()
        try:
            with os.scandir(self._full(real)) as listing:
                found = [(one.name, *self._kind(real, one)) for one in listing]
        except (OSError, ValueError):
            return ()
        found.sort()
        return tuple([Entry(*one) for one in found])

    def _bytes(self, plain: str) -> bytes | None:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        descriptor = os.open(self._full(plain), flags)
        try:
            data = os.read(descriptor, CHUNK)
            if data and len(data) < CHUNK:  # the whole file, as nearly always: asked nothing else
                return data
            status = os.fstat(descriptor)
            if status.st_mode & KIND != REGULAR:
                return None
            if status.st_size > LIMIT:
                raise Oversized(f"{plain} is {status.st_size:,} bytes long: not what it should be")
            return _drained(descriptor, data)
        finally:
            os.close(descriptor)

    def _behind_link(self, plain: str, error: OSError) -> bytes | None:
        if isinstance(error, PermissionError):
            raise Unreadable(f"{plain} can't be read: {error.strerror}") from error
        real = self._resolve(plain)
        if real is None or real == plain:
            return None
        try:
            return self._bytes(real)
        except OSError:
            return None

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
        """Say whether no link has to be followed; ``lstat`` takes a third of ``readlink``'s."""
        if name in DOTS:
            return False
        try:
            return os.lstat(self._full(path)).st_mode & KIND != SYMBOLIC
        except (OSError, ValueError):
            return True

    def _kind(self, folder: str, entry: os.DirEntry[str]) -> tuple[bool, bool]:
        """Say whether an entry is a folder, and whether it is a link."""
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_dir(follow_symlinks=False):
            self._folders[path] = path
            return True, False
        if not entry.is_symlink():
            return False, False
        real = self._resolve(path)
        return real is not None and os.path.isdir(self._full(real)), True  # noqa: PTH112 - no pathlib

    def _resolve(self, path: str) -> str | None:
        return resolve(path, self._target)

    def _target(self, path: str) -> str | None:
        try:
            return os.readlink(self._full(path))  # noqa: PTH115 - importing pathlib costs 10 ms
        except (OSError, ValueError):
            return None

    def _full(self, path: str) -> str:
        return f"{self.root}/{path}"


class _Listed:
    """A tree that git knows whole: every path with its mode and the name of its blob."""

    def __init__(self, git: str, listing: Iterable[tuple[str, str, str]]) -> None:
        self._blobs = Blobs(git)
        self._fetched = False
        self._files: dict[str, tuple[str, str]] = {}
        self._has_links = False
        self._children: dict[str, dict[str, bool]] = {"": {}}
        for path, mode, name in listing:
            self._add(path, mode, name)

    def read(self, path: str) -> bytes | None:
        """Return a regular file's bytes; None when there is no such file. Raises Unreadable."""
        blob = self._blob(path)
        if blob is None:
            return None
        if path.endswith(MANIFEST) and not self._fetched:
            self._fetched = True
            names = [name for other, (_, name) in self._files.items() if other.endswith(MANIFEST)]
            self._blobs.fetch(names, LIMIT)
        return self._blobs.read(blob, LIMIT)

    def token(self, path: str) -> bytes | None:
        """Return what stands for a file's content: git's name for it. Nothing is read."""
        blob = self._blob(path)
        return None if blob is None else blob.encode()

    def paths(self) -> list[str]:
        """Return every path that git knows, submodules left out."""
        return list(self._files)

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return what is in a folder, by name; empty when there is no such folder."""
        real = resolve(folder, self._target)
        found = {} if real is None else self._children.get(real, {})
        return tuple(
            self._entry(f"{real}/{name}" if real else name, name, is_folder)
            for name, is_folder in sorted(found.items())
        )

    def _add(self, path: str, mode: str, name: str) -> None:
        if mode == "160000":  # a submodule: another repository's files, and not ours to check
            return
        self._files[path] = mode, name
        self._has_links |= mode == LINK
        folder, _, last = path.rpartition("/")
        self._within(folder)[last] = False

    def _within(self, folder: str) -> dict[str, bool]:
        if folder not in self._children:
            self._children[folder] = {}
            parent, _, name = folder.rpartition("/")
            self._within(parent)[name] = True
        return self._children[folder]

    def _blob(self, path: str) -> str | None:
        found = self._files.get(path)
        if self._has_links and (found is None or found[0] == LINK):
            real = resolve(path, self._target)
            found = None if real is None else self._files.get(real)
        return None if found is None else found[1]

    def _target(self, path: str) -> str | None:
        mode, name = self._files.get(path, ("", ""))
        if mode != LINK:
            return None
        return (self._blobs.read(name, LIMIT)).decode("utf-8", "surrogateescape")

    def _entry(self, path: str, name: str, is_folder: bool) -> Entry:  # noqa: FBT001 - a field
        if is_folder or self._files[path][0] != LINK:
            return Entry(name, is_folder, is_link=False)
        return Entry(name, resolve(path, self._target) in self._children, is_link=True)


class IndexTree(_Listed):
    """What is staged; ``GIT_INDEX_FILE`` holds, as in the hook of a partial commit."""

    kind = "index"

    def __init__(self, root: str) -> None:
        """List what is staged under ``root``. Raises Unreadable outside a repository."""
        self.root = root
        top, prefix = toplevel(root)
        git = top or root
        below = f":(top,literal){prefix}"
        listing = ask(git, "ls-files", "-s", "-z", "--full-name", "--", below)
        super().__init__(git, _without_announced(git, list(_staged(listing, prefix)), prefix))


class CommitTree(_Listed):
    """What is committed at ``rev``; ``root`` is a working tree, a folder in one, or a git dir.

    ``folder`` is the workspace's, below ``root``: a git dir has no folders to stand in.
    """

    kind = "commit"

    def __init__(self, root: str, rev: str, folder: str = "") -> None:
        """List the commit's files. Raises Unreadable when there is no such revision."""
        self.root = root
        top, way = toplevel(root)
        git, prefix = top or root, f"{way}{folder}/" if folder else way
        commit = ask(git, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{tree}}")
        listing = ask(
            git, "--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree",
            commit.decode().strip(), *([prefix] if prefix else ()),
        )  # fmt: skip
        super().__init__(git, _committed(listing, prefix))


def _drained(descriptor: int, data: bytes) -> bytes:
    parts = [data]
    size = len(data)
    while size <= LIMIT and (more := os.read(descriptor, CHUNK)):
        parts.append(more)
        size += len(more)
    return b"".join(parts)


def _staged(listing: bytes, prefix: str) -> Iterable[tuple[str, str, str]]:
    """Read ``git ls-files -s -z``: mode, blob, stage, tab, path."""
    for record in paths(listing):
        head, _, path = record.partition("\t")
        mode, name, stage = head.split(" ")
        if stage != "0":
            raise Unreadable(f"{path} has a conflict", hint="resolve it, and `git add` it")
        yield path[len(prefix) :], mode, name


def _committed(listing: bytes, prefix: str) -> Iterable[tuple[str, str, str]]:
    """Read ``git ls-tree -r -z``: mode, type, blob, tab, path."""
    for record in paths(listing):
        head, _, path = record.partition("\t")
        mode, _, name = head.split(" ")
        yield path[len(prefix) :], mode, name


def _without_announced(
    git: str, listed: list[tuple[str, str, str]], prefix: str
) -> list[tuple[str, str, str]]:
    """Leave out what is only announced; asked for only where an empty file would matter."""
    if not any(name in EMPTY and path.endswith(TELLING) for path, _, name in listed):
        return listed
    announced = unstaged(git)
    return [one for one in listed if f"{prefix}{one[0]}" not in announced]
