"""What was built elsewhere, beside the release commit: files that only another commit has."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING, NamedTuple

from release_sync.effects.build.archives import contents, installed_at, is_wheel
from release_sync.errors import Problem
from release_sync.lines import split_records
from release_sync.trees.git import ask, revision, toplevel
from release_sync.trees.paths import join
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

WRITTEN = ("PKG-INFO", "setup.cfg", "Cargo.toml", "Cargo.lock", "pyproject.toml")
"""What backends write anew into an sdist: setuptools, maturin, and those that fix a version."""

MODULES = (".py", ".pyi")
"""What of a wheel is compared: nothing is compiled of it."""

SUBSTITUTED = (b"$Format:", b"$Id")
"""What `git archive` and a checkout fill in (gitattributes(5), ``export-subst`` and ``ident``)."""


class Source(NamedTuple):
    """A file in an archive that the release commit has with other content.

    It is ``foreign`` where git knows its content from another commit: no build made it then.
    """

    path: str
    foreign: bool


class Sources:
    """The files of the commit that is checked out around the ``root`` of a workspace."""

    def __init__(self, root: Path) -> None:
        """List them. Raises Unread."""
        self.root = root
        top, way = toplevel(str(root))
        listing = ask(top, "ls-tree", "-r", "-z", "--full-tree", "HEAD")
        heads = (one.partition("\t") for one in split_records(listing))
        every = {path: head.rpartition(" ")[2] for head, _, path in heads}
        self.known = frozenset(every.values())
        self.files = {path[len(way) :]: oid for path, oid in every.items() if path.startswith(way)}

    def other(self, file: Path, folder: str) -> Iterator[Source]:
        """Yield what is other in a wheel or an sdist of the member in a folder, by its path there.

        Line endings may differ, and so may what a checkout or a backend writes. A file that the
        commit does not have was made by the build, or is somebody else's: nothing tells.
        """
        below = self._below(folder)
        for name, content in sorted(contents(file)):
            path = _module(name, below) if is_wheel(file) else name.partition("/")[2]
            tracked = below.get(path)
            if not content or tracked is None or path in WRITTEN:
                continue
            names = {_blob(content), _blob(content.replace(b"\r\n", b"\n"))}
            if names & self.known or self._is_as_written(join(folder, path), content):
                continue
            yield Source(path, any(self._has(one) for one in names))

    def _below(self, folder: str) -> Mapping[str, str]:
        above = "" if folder in {"", "."} else f"{folder}/"
        return {
            path[len(above) :]: oid for path, oid in self.files.items() if path.startswith(above)
        }

    def _is_as_written(self, path: str, content: bytes) -> bool:
        """Return whether a file is the same as checked out here, or is never so twice."""
        try:
            here = WorkingTree(str(self.root)).read(path)
        except Problem:
            here = None
        if here is None:  # a link that leads elsewhere, or what is larger than any source
            return True
        if any(one in here for one in SUBSTITUTED):
            return True
        return here.replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n")

    def _has(self, blob: str) -> bool:
        """Return whether git has this content; a shallow clone lacks what was before."""
        return bool(revision(str(self.root), f"{blob}^{{blob}}"))


def of_another_commit(root: Path, folder: str, files: Sequence[Path]) -> Iterator[str]:
    """Yield which files of a member were built of what another commit has."""
    sources = Sources(root)
    for file in files:
        for one in sources.other(file, folder):
            if one.foreign:
                yield (
                    f"{file.name}: {one.path} in it is not that of the release commit, but of"
                    " another one: build what was reserved"
                )
                break


def not_as_committed(root: Path, folder: str, files: Sequence[Path]) -> list[str]:
    """Return the paths in the files of a member that the release commit has otherwise."""
    sources = Sources(root)
    return sorted({one.path for file in files for one in sources.other(file, folder)})


def _blob(content: bytes) -> str:
    """Return the name of the object that git makes of a file (git-hash-object(1))."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _module(name: str, below: Mapping[str, str]) -> str:
    """Return the file of the tree that a module in a wheel is made of, by the end of its path."""
    installed = installed_at(name)
    if not installed.endswith(MODULES):
        return ""
    ends = [path for path in below if f"/{path}".endswith(f"/{installed}")]
    return min(ends, key=len, default="")
