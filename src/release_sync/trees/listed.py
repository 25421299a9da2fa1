"""A tree that git knows whole: the index, or a commit.

Files are listed whole, at once, and blobs are read in bulk: a question to git for each file would
take longer than everything else.
"""

from __future__ import annotations

from release_sync.trees.symlinks import resolve
from release_sync.trees.tree import LIMIT, Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.trees.cat_file import BlobReader

LINK = "120000"
SUBMODULE = "160000"


DEPTH = 3
"""What is read of a member lies beside its manifest, in ``PACKAGE`` or in ``src/PACKAGE``."""


class Listed:
    """A tree that git knows whole: every path with its mode and the name of its blob."""

    def __init__(self, git: str, way: str, listing: Iterable[tuple[str, str, str]]) -> None:
        """Take a listing of paths with their modes and blobs; ``git`` is where to ask for these."""
        self.way = way
        """From the repository's top down to the root; empty, or with a slash at its end."""
        self._git = git
        self._reader: BlobReader | None = None
        self._fetched: set[str] = set()
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
        self._fetch_namesakes(path)
        return self._blobs.read(blob, LIMIT)

    def token(self, path: str) -> bytes | None:
        """Return what stands for a file's content: git's name for it. Nothing is read."""
        blob = self._blob(path)
        return None if blob is None else blob.encode()

    def located(self, path: str) -> tuple[str, str]:
        """Return where a file lies from the repository's top, behind every link, and its mode.

        Raises KeyError when there is no such file.
        """
        real = (resolve(path, self._target) if self._has_links else None) or path
        return f"{self.way}{real}", self._files[real][0]

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

    @property
    def _blobs(self) -> BlobReader:
        if self._reader is None:
            from release_sync.trees.cat_file import BlobReader  # noqa: PLC0415 - none on a green run

            self._reader = BlobReader(self._git)
        return self._reader

    def _fetch_namesakes(self, path: str) -> None:
        """Read what all members have by this name: who reads one's will read the others', too."""
        name = path.rpartition("/")[2]
        if name in self._fetched or not self._is_of_member(path):
            return
        self._fetched.add(name)
        end = f"/{name}"
        ours = [one for one in self._files if one.endswith(end) and self._is_of_member(one)]
        self._blobs.fetch([self._files[one][1] for one in ours], LIMIT)

    def _is_of_member(self, path: str) -> bool:
        """Return whether a manifest lies beside a file, or a little above it, below the root."""
        folder = path
        for _ in range(DEPTH):
            folder = folder.rpartition("/")[0]
            if f"{folder}/pyproject.toml" in self._files:
                return True
        return False

    def _add(self, path: str, mode: str, name: str) -> None:
        if mode == SUBMODULE:  # another repository's files, and not ours to check
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
