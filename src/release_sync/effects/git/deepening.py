"""More history for a shallow clone: commits alone to find ancestors, whole ones to merge."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.history import ancestry, boundaries
from release_sync.errors import Problem
from release_sync.lines import split_lines, split_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    class Shallow(Protocol):
        """A repository that can ask its remote for more of its history (``Repository``)."""

        repo: git.Repo
        remote: str

        @property
        def common_dir(self) -> Path:
            """Where its objects are."""
            ...

        def deepen(
            self,
            generations: int,
            commits: Sequence[str],
            aside: str = "",
            settings: Mapping[str, str] | None = None,
        ) -> None:
            """Fetch the hidden ancestors of commits, here or to ``aside``. Raises Unanswered."""
            ...


ASKING = (100, 1_000, 10_000, 0)
"""So many generations of commits are asked for, one after the other; 0 stands for all."""

MERGING = (10, 100, 1_000)
"""So many generations are brought here for a merge, with their files."""

SAMPLE = 20
"""So many commits show whether the remote left their files out."""

_NOT_COPIED = ("include.", "includeif.")
"""Settings that git has followed already, when it lists them."""


def answered(repository: Shallow, old: str, new: str) -> bool:
    """Return whether ``old`` is reachable from ``new``, by the commits that the remote has.

    They are fetched without their files (the filter ``tree:0``) into a repository that is thrown
    away: with them, the user's own would have to be a partial clone from then on. A remote that
    can't leave the files out is asked once. Raises Problem when the answer stays unknown.
    """
    reason = f"{repository.remote} does not have what is missing"
    with tempfile.TemporaryDirectory(prefix="release-sync-history-") as folder:
        aside = _history_of(repository, folder)
        settings = _settings_of(repository.repo)
        for generations in ASKING:
            edge = boundaries(aside, old, new)
            _deepen(repository, generations, edge, (old, new), folder, settings)
            found = ancestry(aside, old, new)
            if found is not None:
                return found
            if not _is_of_commits(aside, edge[0]):
                reason = f"{repository.remote} sends no commits without their files"
                break
    raise too_short(old, new, reason)


def connect(repository: Shallow, one: str, other: str) -> None:
    """Fetch the commits that two diverged commits do not share, with their files. Raises Problem.

    Where that begins is their merge base, which git needs to merge them.
    """
    for generations in MERGING:
        edge = _apart(repository.repo, one, other)
        if not edge:
            return
        _deepen(repository, generations, edge, (one, other))
    if _apart(repository.repo, one, other):
        raise too_short(one, other, f"they are more than {MERGING[-1]} commits apart")


def too_short(one: str, other: str, reason: str) -> Problem:
    """Return what to say when a shallow clone hides how two commits are related."""
    return Problem(
        f"the history here is too short to tell how {one[:7]} and {other[:7]} are related:"
        f" {reason}",
        hint="run `git fetch --unshallow`; in a pipeline, check out with `fetch-depth: 0`",
    )


def _apart(repo: git.Repo, one: str, other: str) -> tuple[str, ...]:
    return tuple({*boundaries(repo, one, other), *boundaries(repo, other, one)})


def _deepen(
    repository: Shallow,
    generations: int,
    edge: tuple[str, ...],
    about: tuple[str, str],
    aside: str = "",
    settings: Mapping[str, str] | None = None,
) -> None:
    try:
        repository.deepen(generations, edge, aside, settings)
    except Problem as error:
        raise too_short(*about, error.message) from error


def _history_of(repository: Shallow, folder: str) -> git.Repo:
    """Make a repository that has all objects of another, and ends where that one ends."""
    form = str(repository.repo.git.rev_parse("--show-object-format"))
    aside = git.Repo.init(folder, bare=True, object_format=form)
    aside.git.update_environment(GIT_DIR=folder)  # for safe.bareRepository (git-config(1))
    alternates = Path(folder, "objects", "info", "alternates")
    alternates.write_text(f"{repository.common_dir / 'objects'}\n", encoding="utf-8")
    shutil.copy(repository.common_dir / "shallow", folder)
    return aside


def _settings_of(repo: git.Repo) -> dict[str, str]:
    """Return what lets git use a repository's settings, remote and login in another.

    Some are only for a repository at a certain place (``includeIf``), so git lists what holds here.
    They go by the environment, where no one else sees them (git-config(1), "ENVIRONMENT").
    """
    listed = split_records(str(repo.git.config("--list", "-z")))
    pairs = [one.partition("\n") for one in listed if one and not one.startswith(_NOT_COPIED)]
    told = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_CONFIG_COUNT": str(len(pairs)),
    }
    for number, (name, separator, value) in enumerate(pairs):
        told[f"GIT_CONFIG_KEY_{number}"] = name
        told[f"GIT_CONFIG_VALUE_{number}"] = value if separator else "true"
    return told


def _is_of_commits(aside: git.Repo, below: str) -> bool:
    """Return whether the parents of a commit came without their files.

    git names a missing object with a question mark, and does not fetch it (git-rev-list(1)).
    """
    line = ["--objects", "--no-object-names", "--missing=print", f"--max-count={SAMPLE}", below]
    return any(name.startswith("?") for name in split_lines(str(aside.git.rev_list(*line))))
