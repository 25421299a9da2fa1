"""A repository of which one object after the other is damaged, as a crash of a machine does it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import git

if TYPE_CHECKING:
    from collections.abc import Iterator

WAYS = ("emptied", "garbage", "gone")
"""What becomes of the file of an object."""

COMMITS = ("first", "second", "third")


class History:
    """Three commits on ``main``; the tag ``light`` is of the first, and so is ``v1``, an object."""

    def __init__(self, folder: Path) -> None:
        """Make it in a folder."""
        self.repo = git.Repo.init(folder, initial_branch="main")
        self.names = {one: self._commit(one) for one in COMMITS}
        self.repo.git.tag("light", self.names["first"])
        self.repo.git.tag("--message", "A release", "v1", self.names["first"])
        self.names["v1"] = str(self.repo.git.rev_parse("v1"))

    def _commit(self, subject: str) -> str:
        self.repo.git.commit("--allow-empty", "--message", subject)
        return str(self.repo.git.rev_parse("HEAD"))

    @contextmanager
    def damaged(self, which: str, way: str) -> Iterator[None]:
        """Damage an object, by our name for it, for as long as the context lasts."""
        name = self.names[which]
        file = Path(self.repo.git_dir, "objects", name[:2], name[2:])
        before = file.read_bytes()
        file.unlink()
        if way != "gone":
            file.write_bytes(b"" if way == "emptied" else b"no object")
        try:
            yield
        finally:
            file.write_bytes(before)
