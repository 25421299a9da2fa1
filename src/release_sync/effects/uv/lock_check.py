"""The check that ``uv.lock`` needs no change but the members' new versions."""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.source_tree import export, lay, objects_of
from release_sync.effects.uv.pythons import is_for_ours
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.effects.git.repository import Repository
    from release_sync.effects.uv.commands import Uv


def lock_problem(
    repository: Repository,
    prefix: str,
    uv: Uv,
    base: str,
    files: Mapping[str, bytes | None],
    locks: Sequence[str],
) -> Problem | None:
    """Return what uv says of the locks of a commit with some files replaced; None when it agrees.

    ``files`` are by their path below ``prefix``, as ``locks`` are. It happens in a copy of the
    commit's files, so the repository is only read; git answers there, for uv builds members whose
    requirements are dynamic, and their versions may be tags.
    """
    if not locks or uv.problem() is not None:
        return None  # where uv does not run, that is a problem of its own
    with tempfile.TemporaryDirectory(prefix="release-sync-lock-") as folder:
        top = Path(folder).resolve() / "sources"
        root = top / prefix
        repo = git.Repo(repository.repo.git_dir)  # whose processes no other thread uses
        export(repo, base, top, str(objects_of(repo)), repo.commit(base).committed_date)
        lay(root, files)
        for lock in locks:
            try:
                _check(uv, (root / lock).parent, root)
            except Problem as problem:
                return _needs_more(lock, problem)
    return None


def _check(uv: Uv, folder: Path, root: Path) -> None:
    """Let uv check a lock with our Python, if that may be; else it asks every one on PATH.

    It has to where nobody says which is required: then the lock is for the one that uv finds.
    """
    if is_for_ours((folder / "uv.lock").read_text(encoding="utf-8")):
        with suppress(Problem):
            uv.check_lock(folder, root, "--python", sys.executable)
            return
    uv.check_lock(folder, root)


def _needs_more(lock: str, problem: Problem) -> Problem:
    folder = lock.rpartition("/")[0]
    ours = (
        f"run `uv lock --project {folder}` and commit what it changes, then release; a sibling"
        " whose new version no index has yet needs a path in [tool.uv.sources]"
    )
    return Problem(
        f"{lock} needs more than the new versions: {problem.message}",
        hint=ours if folder else "run `uv lock` and commit what it changes, then release",
    )
