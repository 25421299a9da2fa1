"""A bundle on disk: a folder with the artifacts of a sealed release, and what they are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.write_problem import as_problem
from release_sync.errors import Unreadable
from release_sync.seals.bundle import LARGEST, NAME

if TYPE_CHECKING:
    from collections.abc import Sequence


class BundleFolder:
    """The folder that a user named. Implements the port of ``run.bundle``."""

    def __init__(self, path: str) -> None:
        """Do nothing yet; a path is relative to the working directory."""
        self.folder = Path(path)

    def __str__(self) -> str:
        """Return the folder as the user called it."""
        return str(self.folder)

    def names(self) -> list[str]:
        """Return the names of all that is in the folder. Raises Unreadable."""
        try:
            return sorted(os.listdir(self.folder))  # noqa: PTH208 - names are what is asked for
        except OSError as error:
            raise Unreadable(
                f"{self.folder}: {error.strerror}", hint="name the folder that the files are in"
            ) from error

    def document(self) -> str:
        """Return the text of the document in it. Raises Unreadable."""
        file = self.folder / NAME
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST + 1)
            return content[:LARGEST].decode("utf-8")  # what is cut off is no JSON
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise Unreadable(
                f"{file}: {why}", hint="`release-sync prepare --output DIR` makes it"
            ) from error

    def refuse_others(self) -> None:
        """Raise Unreadable for a folder that holds something, and no bundle."""
        if self.folder.exists() and self.names() and NAME not in self.names():
            raise Unreadable(
                f"{self.folder} is not empty, and holds no bundle",
                hint="name a folder that is empty, or one that is to be made",
            )

    def write(self, document: str, files: Sequence[Path]) -> None:
        """Write a bundle, whole or not at all, in place of what was there. Raises Problem."""
        made = self.folder.with_name(f".{self.folder.name or 'bundle'}.incoming")
        try:
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)
            for file in files:
                shutil.copyfile(file, made / file.name)
            (made / NAME).write_text(document, encoding="utf-8")
            shutil.rmtree(self.folder, ignore_errors=True)
            made.rename(self.folder)
        except OSError as error:
            shutil.rmtree(made, ignore_errors=True)
            raise as_problem(error) or error from error
