"""A requirement on a package that is still to be released: no index has a version for it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from release_sync.effects.uv.from_index import first
from release_sync.effects.uv.pythons import interpreter
from release_sync.errors import Problem

if TYPE_CHECKING:
    from release_sync.effects.uv.commands import Uv

NO_SOLUTION = "No solution found"
"""How uv begins when the indexes answered, and what is asked for is not there."""


def is_unreleased(uv: Uv, requirement: str, workspace: Path, index: str) -> bool:
    """Return whether an installation would not find it: in ``index`` first, as ``UV_INDEX`` is.

    ``workspace`` is whose settings of uv hold. Where an index does not answer, nobody knows: False.
    """
    with TemporaryDirectory(prefix="release-sync-sibling-") as name:
        folder = Path(name).resolve()
        given = folder / "wanted.txt"
        given.write_text(f"{requirement}\n", encoding="utf-8")
        try:
            uv.run(
                [
                    *("pip", "compile", "--quiet", "--no-deps", "--no-sources", "--no-universal"),
                    *("--python", interpreter(""), "--output-file", str(folder / "found.txt")),
                    str(given),
                ],
                workspace,
                "",
                writes=folder,
                **first(index, uv.environ),
            )
        except Problem as problem:
            return NO_SOLUTION in problem.message
    return False
