"""A whole ``uv lock``, for a lock that no edit of versions alone can make right."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.git import Repository
    from release_sync.effects.uv import Uv

LOCK = "uv.lock"


def relocked(
    repository: Repository, uv: Uv, prefix: str, base: str, files: Mapping[str, bytes]
) -> bytes | None:
    """Return what ``uv lock`` makes of a commit with some files replaced; None: nothing to do.

    ``files`` are by their path below ``prefix``, the edited ``uv.lock`` among them. It happens in a
    copy of the commit's files, so the repository is only read. Raises Problem when uv can't lock.
    """
    with tempfile.TemporaryDirectory(prefix="release-sync-lock-") as folder:
        root = Path(folder).resolve() / prefix
        repository.export(base, Path(folder).resolve())
        for path, content in files.items():
            (root / path).write_bytes(content)
        try:
            uv.check_lock(root)
        except Problem:
            uv.lock(root)
            return (root / LOCK).read_bytes()
    return None
