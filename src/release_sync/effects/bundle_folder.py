"""A bundle on disk: a folder with the artifacts of a sealed release, and what they are."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from devclikit.plain import plain
from release_sync.effects.write_problem import as_problem
from release_sync.errors import Problem, Unreadable
from release_sync.seals.attestation import SUFFIX
from release_sync.seals.bundle import LARGEST, NAME, NOTES, parse_bundle
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

OF_BUNDLES = (".whl", ".tar.gz", SUFFIX)
"""How the names of the files end that lie beside a document."""

MADE_BY = "`release-sync prepare --output DIR` makes it"

LEFT_BY_UV = ".gitignore"
"""What `uv build` writes beside the artifacts that it makes."""


class BundleFolder:
    """The folder that a user named. Implements the port of ``run.bundle``."""

    def __init__(self, path: str) -> None:
        """Do nothing yet; a path is relative to the working directory."""
        self.folder = Path(path)

    def __str__(self) -> str:
        """Return the folder as the user called it."""
        return str(self.folder)

    def names(self) -> list[str]:
        """Return the names of what is handed over in the folder. Raises Unreadable.

        Notes are read by whoever announces the release: what is not a file could lead anywhere.
        """
        names = [name for name in self._all() if name != LEFT_BY_UV]
        notes = self.folder / NOTES
        if NOTES in names and not stat.S_ISREG(notes.lstat().st_mode):
            raise Unreadable(f"{notes} is no file", hint=MADE_BY)
        return names

    def document(self) -> str:
        """Return the text of the document in it. Raises Unreadable."""
        file = self.folder / NAME
        try:
            # Without O_NONBLOCK, a named pipe would be waited for.
            with open(os.open(file, os.O_RDONLY | os.O_NONBLOCK), "rb") as opened:  # noqa: PTH123
                is_file = stat.S_ISREG(os.fstat(opened.fileno()).st_mode)
                content = opened.read(LARGEST + 1) if is_file else b""
            text = content[:LARGEST].decode("utf-8")  # what is cut off is no JSON
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise Unreadable(f"{file}: {why}", hint=MADE_BY) from error
        if not is_file:
            raise Unreadable(f"{file} is no file", hint=MADE_BY)
        return text

    def refuse_others(self) -> None:
        """Raise Unreadable for a folder that holds something that is of no bundle."""
        names = self._all() if self.folder.exists() else []
        if not names:
            return
        hint = "name a folder that is empty, or one that is to be made"
        if NAME not in names:
            raise Unreadable(f"{self.folder} is not empty, and holds no bundle", hint=hint)
        own = {NAME, NOTES}
        others = [one for one in names if one not in own and not one.endswith(OF_BUNDLES)]
        if others:
            named = printable(others[0])
            raise Unreadable(f"{self.folder} holds what is of no bundle: {named}", hint=hint)
        parse_bundle(self.document(), str(self.folder / NAME))

    def write(self, document: str, notes: str, files: Sequence[Path]) -> None:
        """Write a bundle, whole or not at all, in place of one that was there. Raises Problem."""
        self.refuse_others()
        target = self.folder.resolve()
        made = target.parent / f".{target.name}.incoming"
        try:
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)
            for file in files:
                shutil.copyfile(file, made / file.name)
            (made / NAME).write_text(document, encoding="utf-8")
            (made / NOTES).write_text(plain(notes), encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
        except OSError as error:
            shutil.rmtree(made, ignore_errors=True)
            raise as_problem(error) or Problem(
                f"{self.folder} can't be written: {error.strerror}",
                hint="name a folder that is empty, or one that is to be made",
            ) from error

    def _all(self) -> list[str]:
        try:
            return sorted(os.listdir(self.folder))  # noqa: PTH208 - names are what is asked for
        except OSError as error:
            raise Unreadable(
                f"{self.folder}: {error.strerror}", hint="name the folder that the files are in"
            ) from error
