"""The plain hooks of git, in a folder of the repository that ``core.hooksPath`` names."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.cli.adoption.change import Change
from release_sync.cli.adoption.surroundings import answered
from release_sync.errors import Problem, Unreadable
from release_sync.lines import split_records
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.edited import EditedTree
from release_sync.trees.git import ask, content
from release_sync.trees.index import IndexTree
from release_sync.trees.system import PROGRAMS, slashed
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.discovery import only_package, roots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.cli.adoption.surroundings import Surroundings

FOLDER = "hooks"
PROGRAM = "release-sync-hook"
SETTING = f"git config: core.hooksPath = {FOLDER} (in this clone; every other one needs it too)"
MARK = b"# Hold what is staged, pushed or received in lockstep"
"""What every hook of ours has said in its second line."""

STAGES = ("pre-commit", "pre-merge-commit", "pre-push")
"""The hooks of a clone; `pre-receive` is for a server, whose hooks nobody sets from a clone."""


def script() -> bytes:
    """Return the hook: one text, whose file's name tells the stage."""
    return files("release_sync.cli.adoption").joinpath("hook.sh").read_bytes()


def with_hooks(around: Surroundings) -> Iterator[Change]:
    """Yield the hooks that are missing, or have drifted. Raises Problem where others would be lost.

    They go to the folder that ``core.hooksPath`` names, where that is one of the repository.
    """
    folder = _folder(around)
    for stage in STAGES:
        path = f"{folder}/{stage}"
        there = Path(around.top, path)
        if not there.exists():
            yield Change(path, None, script(), (f"{path}: made",), executable=True)
        elif not _is_ours(content(str(there)) or b""):
            raise Problem(
                f"{path} is there already, and is another hook",
                hint=f"call `release-sync-hook {stage}` from it, and leave --git-hooks out",
            )
        else:
            yield from _renewed(around, path)


def drifted(around: Surroundings) -> Iterator[Change]:
    """Yield the hooks of ours, wherever in the repository, that are not what is written today."""
    names = [f":(glob)**/{stage}" for stage in (*STAGES, "pre-receive")]
    kinds = ("--cached", "--others", "--exclude-standard")
    listed = ask(around.top, "ls-files", "-z", *kinds, "--", *names) if around.top else b""
    for path in sorted(set(split_records(listed))):
        there = Path(around.top, path)
        if there.is_file() and _is_ours(there.read_bytes()):
            yield from _renewed(around, path)


def lacking(around: Surroundings) -> Iterator[str]:
    """Yield what is to be done where the hooks would not find the program that they start."""
    beside = Path(around.top, ".venv", PROGRAMS, PROGRAM)
    below = Path(around.top, around.below, ".venv", PROGRAMS, PROGRAM)
    if not (beside.exists() or below.exists() or shutil.which(PROGRAM)):
        yield f"install release-sync into .venv, or on PATH: the hooks start {PROGRAM}"


def is_set(around: Surroundings) -> bool:
    """Return whether git looks for its hooks in a folder of the repository."""
    return bool(_inside(around))


def set_path(around: Surroundings) -> str:
    """Let git look for its hooks in our folder, and say so. Raises Unreadable."""
    ask(around.top, "config", "core.hooksPath", FOLDER)
    return SETTING


def _is_ours(data: bytes) -> bool:
    return MARK in data and b"release-sync-hook" in data


def _renewed(around: Surroundings, path: str) -> Iterator[Change]:
    there = Path(around.top, path)
    data = there.read_bytes()
    if data != script() or not os.access(there, os.X_OK):
        yield Change(path, data, script(), (f"{path}: renewed",), executable=True)


def _folder(around: Surroundings) -> str:
    """Return the folder for the hooks. Raises Problem where hooks that are there would be lost."""
    inside = _inside(around)
    if around.hooks_path:
        ignored = inside and answered(around.top, "check-ignore", f"{inside}/pre-commit")
        if not inside or ignored:
            why = "which git ignores" if ignored else "outside of the repository"
            raise Problem(
                f"core.hooksPath is {around.hooks_path} already, {why}",
                hint="call `release-sync-hook pre-commit` from the hook there",
            )
        return inside
    if around.hooks:
        raise Problem(
            f"git would no longer run the hooks in its own folder: {', '.join(around.hooks)}",
            hint=f"move them to {FOLDER}/, or use --pre-commit",
        )
    return FOLDER


def _inside(around: Surroundings) -> str:
    """Return ``core.hooksPath`` from the top; empty where it leads out of the working tree."""
    if not around.hooks_path:
        return ""
    try:
        path = slashed(os.path.relpath(Path(around.top, around.hooks_path), around.top))
    except ValueError:  # on another drive
        return ""
    return "" if path in {".", ".."} or path.startswith(("../", ".git/")) else path


def must_be_found(around: Surroundings, written: Mapping[str, bytes]) -> None:
    """Make sure that hooks, which git starts at the top, find the workspace. Raises Problem.

    ``written`` are the files that are to be written, by their path from there.
    """
    if not around.top:
        raise Unreadable("this is no git repository, so it has no hooks", hint="git init")
    folder = around.below.rstrip("/")
    files = [*IndexTree(around.top).paths(), f"{around.below}{MANIFEST}"]
    tree = EditedTree(WorkingTree(around.top), written)
    if folder not in (roots(tree, files) or only_package(tree, files)):
        raise Problem(
            f"hooks start at the repository's top, and do not look for a workspace in {folder}",
            hint=f"call `release-sync check {folder}` from a hook of your own",
        )
