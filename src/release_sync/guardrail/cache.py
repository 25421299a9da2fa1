"""A green verdict, remembered with the questions that led to it.

While a workspace is checked, a recording tree notes what it was asked, and a digest of the
answers. When nothing was found, both are kept. The next time the same questions are asked of the
tree as it is then: if the digest is the same, so is the verdict, and nothing needs to be parsed.
(A verifying trace: Mokhov, Mitchell, Peyton Jones, "Build systems à la carte", 2018.)

Only content counts, never a time. What can't be read, is damaged, or is not ours, is no trace; nor
is what another version of ourselves, of a library or of Python has left.
"""

from __future__ import annotations

import os
import sys
from _blake2 import blake2b  # hashlib's own, without the 3 ms that importing hashlib takes

from release_sync.trees.git import content, shared_folder
from release_sync.trees.tree import Unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.trees.index import IndexTree
    from release_sync.trees.tree import Entry, Tags
    from release_sync.trees.working_tree import WorkingTree

MAGIC = "release-sync checked 1"
FOLDER = "release-sync/checked"
ROOMS = (
    "",
    "standards",
    "trees",
    "toml",
    "changelog",
    "configuration",
    "backends",
    "workspace",
    "rules",
    "fixes",
    "guardrail",
)
"""The folders of this program that a verdict depends on, with what is below them."""

LIBRARIES = ("packaging", "rtoml")
"""The libraries that it depends on, too."""

MOST = 64
"""So many traces are kept: of each working tree there are two, and those of older programs."""


class RecordingTree:
    """A tree that notes what it was asked, in order, each question once."""

    def __init__(self, tree: WorkingTree | IndexTree) -> None:
        """Ask ``tree``."""
        self.tree = tree
        self._questions: dict[str, None] = {}
        self._digest = blake2b(digest_size=32)

    def read(self, path: str) -> bytes | None:
        """Ask for a file."""
        data = self.tree.read(path)
        if self._is_new(f"r{path}"):
            _add(self._digest, data if self.tree.kind == "working" else self.tree.token(path))
        return data

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Ask for a folder."""
        found = self.tree.entries(folder)
        if self._is_new(f"e{folder}"):
            _add(self._digest, _listed(found))
        return found

    def tags(self) -> Tags:
        """Ask for the tags."""
        found = self.tree.tags()
        if self._is_new("t"):
            _add(self._digest, found.listed())
        return found

    def save(self) -> None:
        """Keep what was asked as what leads to a green verdict; not being able to is no matter."""
        path = _path(self.tree)
        if path is None:
            return
        words = [MAGIC, self._digest.hexdigest(), self.tree.root, *self._questions]
        try:
            _write(path, "\0".join(words).encode("utf-8", "surrogateescape"))
        except OSError:
            return

    def _is_new(self, question: str) -> bool:
        known = question in self._questions
        self._questions[question] = None
        return not known


def is_cached_green(tree: WorkingTree | IndexTree) -> bool:
    """Return whether a green verdict is known of exactly this content."""
    path = _path(tree)
    if path is None:
        return False
    try:
        data = content(path)
    except Unread:
        return False
    if data is None:
        return False
    words = data.decode("utf-8", "surrogateescape").split("\0")
    if words[:1] != [MAGIC] or words[2:3] != [tree.root]:
        return False
    return _answer(tree, words[3:]) == words[1]


def _answer(tree: WorkingTree | IndexTree, questions: Iterable[str]) -> str:
    digest = blake2b(digest_size=32)
    for question in questions:
        if question[:1] == "r":
            _add(digest, tree.token(question[1:]))
        elif question[:1] == "t":
            _add(digest, tree.tags().listed())
        else:
            _add(digest, _listed(tree.entries(question[1:])))
    return digest.hexdigest()


def _listed(entries: tuple[Entry, ...]) -> bytes:
    names = [f"{entry.name}/{entry.is_folder:d}{entry.is_link:d}" for entry in entries]
    return "\0".join(names).encode("utf-8", "surrogateescape")


def _add(digest: blake2b, answer: bytes | None) -> None:
    """Add an answer with its length, so that no two lists of answers look the same."""
    if answer is None:
        digest.update(b"-")
    else:
        digest.update(b"%d:" % len(answer))
        digest.update(answer)


def _path(tree: WorkingTree | IndexTree) -> str | None:
    """Return the file for a tree: of this kind, at this root, checked by this very program."""
    shared = shared_folder(tree.root)
    if shared is None:
        return None
    try:
        program = _program()
    except OSError:  # it does not lie in folders: in an archive, for one
        return None
    key = f"{tree.kind}\0{tree.root}\0{program}"
    name = blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    return f"{shared}/{FOLDER}/{name}"


def _program() -> str:
    """Return what tells this program from every other: the Python, and the files that it runs."""
    top = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - importing pathlib costs 10 ms
    seen = [sys.version]
    for room in ROOMS:
        _add_files(seen, f"{top}/{room}", is_whole=bool(room))
    for name in LIBRARIES:
        _add_files(seen, _folder_of(name), is_whole=True)
    return "\n".join(seen)


def _folder_of(library: str) -> str:
    """Return the folder that a library is imported from. Raises OSError when it is in none."""
    for place in sys.path:
        if os.path.exists(f"{place}/{library}/__init__.py"):  # noqa: PTH110 - importing pathlib costs 10 ms
            return f"{place}/{library}"
    raise FileNotFoundError(library)


def _add_files(seen: list[str], folder: str, *, is_whole: bool) -> None:
    """Add the files of a folder, with size and time, and ``is_whole`` those of all below it."""
    with os.scandir(folder) as listing:
        found = sorted([(one.name, one) for one in listing])
    for name, one in found:
        if "." in name:
            status = one.stat()
            seen.append(f"{one.path} {status.st_size} {status.st_mtime_ns}")
        elif is_whole and name != "__pycache__" and one.is_dir():
            _add_files(seen, one.path, is_whole=True)


def _write(path: str, data: bytes) -> None:
    folder = os.path.dirname(path)  # noqa: PTH120 - importing pathlib costs 10 ms
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - the same
    scratch = f"{path}.{os.getpid()}"
    with open(scratch, "wb") as file:  # noqa: PTH123 - the same
        file.write(data)
    os.replace(scratch, path)  # noqa: PTH105 - the same
    _forget_the_oldest(folder)


def _forget_the_oldest(folder: str) -> None:
    """Remove what was written first, also what a process that died left, until few are there."""
    with os.scandir(folder) as listing:
        found = sorted([(one.stat(follow_symlinks=False).st_mtime_ns, one.path) for one in listing])
    for _, path in found[:-MOST]:
        os.unlink(path)  # noqa: PTH108 - the same
