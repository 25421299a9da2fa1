"""The check that ``uv.lock`` needs no change but the members' new versions."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.git.repository import Repository
    from release_sync.effects.uv.commands import Uv


def lock_problem(
    repository: Repository, uv: Uv, prefix: str, base: str, files: Mapping[str, bytes]
) -> Problem | None:
    """Return what uv says of a commit with some files replaced; None when it agrees.

    ``files`` are by their path below ``prefix``, the edited ``uv.lock`` among them. It happens in a
    copy of the commit's files, so the repository is only read.
    """
    with tempfile.TemporaryDirectory(prefix="release-sync-lock-") as folder:
        root = Path(folder).resolve() / prefix
        repository.export(base, Path(folder).resolve())
        for path, content in files.items():
            (root / path).write_bytes(content)
        try:
            uv.check_lock(root)
        except Problem as problem:
            return Problem(
                f"uv.lock needs more than the new versions: {problem.message}",
                hint="run `uv lock` and commit what it changes, then release",
            )
    return None
