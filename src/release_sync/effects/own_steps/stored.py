"""What git would make of files in a copy of a commit, asked in a repository of its own.

Nobody knows what a run made of the repository in the copy: its settings and hooks are not ours.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from release_sync.effects.git.source_tree import AS_GIT_HAS_IT
from release_sync.errors import Problem
from release_sync.lines import split_records
from release_sync.trees.git import ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FILTER = "filter"
CONVERTING = ("text", "eol", "crlf", "ident", "working-tree-encoding")
"""The attributes by which git stores other bytes than a checkout has (gitattributes(5))."""

AT_ONCE = 500


class Stored:
    """Answers by the rules that the files at ``top`` hold, from a repository made in ``folder``."""

    def __init__(self, top: Path, folder: Path) -> None:
        """Make the repository, with none of the settings of a user that tell files apart."""
        settings = {**AS_GIT_HAS_IT, "core.excludesFile": os.devnull}
        self.top = str(top)
        self.options = (
            *(f"--git-dir={folder}", "--work-tree=.", "--literal-pathspecs"),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        )
        ask(self.top, "init", "--quiet", "--bare", "--template=", str(folder))

    def ignored(self) -> frozenset[str]:
        """Return the files that git ignores."""
        return frozenset(self._records("ls-files", "--others", "--ignored", "--exclude-standard"))

    def converted(self, paths: Sequence[str]) -> frozenset[str]:
        """Return those of some files that git may store otherwise.

        Raises Problem for what a filter makes of one: it is somebody else's program.
        """
        told = [row for row in self._attributes(paths) if row[2] not in {"unspecified", "unset"}]
        for path, name, value in told:
            if name == FILTER:
                raise Problem(
                    f"{path} is edited, and what git stores of it a filter makes: {value}",
                    hint="edit it in a commit of its own, before the release",
                )
        return frozenset(path for path, _, _ in told)

    def content(self, path: str) -> bytes:
        """Return what git stores of a file."""
        oid = ask(self.top, *self.options, "hash-object", "-w", "--", path)
        return ask(self.top, *self.options, "cat-file", "blob", oid.decode().strip())

    def _attributes(self, paths: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Yield a path, the name of an attribute and its value."""
        for start in range(0, len(paths), AT_ONCE):
            some = paths[start : start + AT_ONCE]
            found = self._records("check-attr", *CONVERTING, FILTER, "--", *some)
            yield from zip(found[::3], found[1::3], found[2::3], strict=True)

    def _records(self, command: str, *arguments: str) -> list[str]:
        return split_records(ask(self.top, *self.options, command, "-z", *arguments))
