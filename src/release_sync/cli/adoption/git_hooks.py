"""The plain hooks of git, in a folder of the repository that ``core.hooksPath`` names."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.cli.adoption.change import Change
from release_sync.errors import Problem, Unreadable
from release_sync.trees.git import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.cli.adoption.surroundings import Surroundings

FOLDER = "hooks"
STAGES = ("pre-commit", "pre-merge-commit", "pre-push")
"""The hooks of a clone; `pre-receive` is for a server, whose hooks nobody sets from a clone."""


def script() -> bytes:
    """Return the hook: one text, whose file's name tells the stage."""
    return files("release_sync.cli.adoption").joinpath("hook.sh").read_bytes()


def with_hooks(around: Surroundings) -> Iterator[Change]:
    """Yield the hooks that are missing. Raises Problem where it would take hooks away."""
    _must_be_free(around)
    for stage in STAGES:
        path = f"{FOLDER}/{stage}"
        there = Path(around.top, path)
        if not there.exists():
            yield Change(path, None, script(), (f"{path}: made",), executable=True)
        elif there.read_bytes() != script():
            raise Problem(
                f"{path} is there already, and is another hook",
                hint=f"call `release-sync-hook {stage}` from it, and leave --git-hooks out",
            )


def is_set(around: Surroundings) -> bool:
    """Return whether git looks for its hooks in our folder."""
    return around.hooks_path in {FOLDER, f"{FOLDER}/", f"./{FOLDER}"}


def set_path(around: Surroundings) -> str:
    """Let git look for its hooks in our folder, and say so. Raises Unreadable."""
    ask(around.top, "config", "core.hooksPath", FOLDER)
    return f"git config: core.hooksPath = {FOLDER} (in this clone; every other one needs it too)"


def _must_be_free(around: Surroundings) -> None:
    if not around.top:
        raise Unreadable("this is no git repository, so it has no hooks", hint="git init")
    if is_set(around):
        return
    if around.hooks_path:
        raise Problem(
            f"core.hooksPath is {around.hooks_path} already",
            hint="call `release-sync-hook pre-commit` from the hook there",
        )
    if around.hooks:
        raise Problem(
            f"git would no longer run the hooks in its own folder: {', '.join(around.hooks)}",
            hint=f"move them to {FOLDER}/, or use --pre-commit",
        )
