"""Merges without a checkout, and so without commit hooks (githooks(5))."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.bounded import TIMED_OUT, bounded
from release_sync.effects.git.failures import cause, git_output
from release_sync.effects.git.version import git_problem
from release_sync.effects.write_problem import as_write_problem
from release_sync.errors import Conflict, Problem
from release_sync.lines import split_lines, split_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SECONDS = 600
"""How long git may take for a merge: where it signs, somebody types a passphrase."""

ATTRIBUTES = ":(top,glob)**/.gitattributes"

_OWN = ("-c", "core.splitIndex=false", "-c", f"core.hooksPath={os.devnull}")
"""What keeps an index of our own in one file, and hooks from seeing it."""


_PEOPLE = {
    "GIT_AUTHOR_NAME": "%an", "GIT_AUTHOR_EMAIL": "%ae", "GIT_AUTHOR_DATE": "%ad",
    "GIT_COMMITTER_NAME": "%cn", "GIT_COMMITTER_EMAIL": "%ce", "GIT_COMMITTER_DATE": "%cd",
}  # fmt: skip
"""The people and times of a commit: the variables that say them, and the words of a log."""


class Merging:
    """git on a repository's objects, with an index and a working tree of its own.

    The working tree has the ``.gitattributes`` of the branch and nothing else. git reads them only
    from there, for ``merge=union`` and its like (gitattributes(5)), and puts the files of a merge
    driver there.
    """

    def __init__(self, repo: git.Repo, folder: Path) -> None:
        """Take an empty folder to work in."""
        self.repo = repo
        self.folder = folder
        self.tree = folder / "tree"
        self.tree.mkdir()

    def merged(self, tip: str, candidate: str) -> str:
        """Return the tree of the merge. Raises Conflict, which names the paths, and Problem."""
        self._git("read-tree", tip)
        if self._git("ls-files", "--", ATTRIBUTES):
            self._git("checkout", "--quiet", "--", ATTRIBUTES)
        line = ("merge-tree", "--write-tree", "-z", "--name-only", tip, candidate)
        try:
            return self._run(*line).partition("\0")[0]
        except git.GitCommandError as error:
            if error.status == 1:  # git-merge-tree(1), "EXIT STATUS"
                raise Conflict(", ".join(_conflicting(error))) from error
            raise git_problem() or _problem(error) from error

    def replaced(self, tree: str, files: Mapping[str, tuple[str, bytes]]) -> str:
        """Return a tree with some files replaced: by path, each with its mode and content."""
        if not files:
            return tree
        self._git("read-tree", tree)
        names = self._written(content for _, content in files.values())
        entries = [
            part
            for (path, (mode, _)), name in zip(files.items(), names, strict=True)
            for part in ("--cacheinfo", f"{mode},{name},{path}")
        ]
        self._git("update-index", *entries)
        return self._git("write-tree", "--missing-ok")  # a partial clone lacks what nobody reads

    def commit(self, tree: str, parents: Iterable[str], message: str, *, like: str = "") -> str:
        """Make a commit, signed where git signs commits; with the people and times of another one.

        Raises Problem.
        """
        above = [part for parent in parents for part in ("-p", parent)]
        signed = ["--gpg-sign"] if self._signs() else []
        people = self._people(like) if like else {}
        return self._git("commit-tree", *signed, *above, "-m", message, tree, **people)

    def _people(self, commit: str) -> dict[str, str]:
        """Return who made a commit, and when, as git takes it (git-commit-tree(1))."""
        form = "--format=" + "%x00".join(_PEOPLE.values())
        line = ("log", "--max-count=1", "--no-show-signature", "--encoding=UTF-8", "--date=raw")
        said = self._git(*line, form, commit).split("\0")
        found = dict(zip(_PEOPLE, said, strict=True))
        return {
            name: f"@{one}" if name.endswith("DATE") else one for name, one in found.items() if one
        }

    def _written(self, contents: Iterable[bytes]) -> list[str]:
        """Write blobs, and return their names."""
        files = []
        for number, content in enumerate(contents):
            files.append(self.folder / f"blob-{number}")
            files[-1].write_bytes(content)
        return split_lines(self._git("hash-object", "-w", "--no-filters", *map(str, files)))

    def _signs(self) -> bool:
        try:
            return str(self.repo.git.config("--type=bool", "commit.gpgSign")) == "true"
        except git.GitCommandError:  # not set
            return False

    def _git(self, *arguments: str, **environ: str) -> str:
        try:
            return self._run(*arguments, **environ)
        except git.GitCommandError as error:
            raise _problem(error) from error

    def _run(self, *arguments: str, **environ: str) -> str:
        place = ("-C", str(self.tree), f"--git-dir={self.repo.git_dir}", f"--work-tree={self.tree}")
        index = {"GIT_INDEX_FILE": str(self.folder / "index")}
        return bounded(self.repo, [*place, *_OWN, *arguments], SECONDS, {**index, **environ})


def _conflicting(error: git.GitCommandError) -> list[str]:
    """Return the paths that could not be merged, or what git says of folders that could not.

    After the tree's name there are the paths, an empty record, and for each message its paths, its
    kind and its text (git-merge-tree(1), "OUTPUT").
    """
    _, *records = split_records(git_output(error))
    end = records.index("") if "" in records else len(records)
    texts = [one.strip() for one in records[end:] if one.startswith("CONFLICT") and ": " in one]
    return records[:end] or texts


def _problem(error: git.GitCommandError) -> Problem:
    if error.status == TIMED_OUT:
        return Problem(
            f"the merge did not end within {SECONDS} seconds",
            hint="a signature waits, or a merge driver hangs: then run `release-sync resume`",
        )
    return as_write_problem(error) or Problem(
        f"the merge was refused: {cause(git_output(error))}",
        hint="see what git says, then run `release-sync resume`",
    )
