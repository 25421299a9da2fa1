"""Members that are built for one test, by what builds them in a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import git

from release_sync.effects.build.artifacts import build
from release_sync.effects.build.environment import Surroundings
from release_sync.effects.build.project import Sources, project_of
from release_sync.effects.git.source_tree import export, objects_of
from release_sync.effects.isolation.isolation import Isolation, choose
from release_sync.effects.uv.commands import Uv
from release_sync.toml.manifest import MANIFEST, parsed

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.effects.build.member_build import Built

EPOCH = 1_700_000_000

PROJECT = """\
[project]
name = "one-two"
version = "1.0"
description = "A test"
requires-python = ">=3.11"

[build-system]
requires = ["{requires}"]
build-backend = "{backend}"
"""


def make(folder: Path, requires: str, backend: str) -> Path:
    (folder / "src/one_two").mkdir(parents=True)
    text = PROJECT.format(requires=requires, backend=backend)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    (folder / "src/one_two/__init__.py").write_text('"""A test."""\n', encoding="utf-8")
    return folder


def built(folder: Path, *members: str, isolation: Isolation | None = None) -> list[Built]:
    """Commit a folder, and build members of it beside it; without names, what is at its top."""
    out = folder.with_name(f"{folder.name}-out")
    repo = committed(folder)
    objects = str(objects_of(repo))
    uv = Uv().isolated(choose("auto") if isolation is None else isolation)
    export(repo, repo.head.commit.hexsha, out / "tree", objects, EPOCH)
    projects = [
        project_of("one-two", name, parsed(MANIFEST, (folder / name / MANIFEST).read_bytes()), {})
        for name in members or ("",)
    ]
    sources = Sources(out / "build", out / "tree", out / "tree", EPOCH)
    return build(uv, sources, "1.0", Surroundings((), objects), projects)[0]


def committed(folder: Path) -> git.Repo:
    repo = git.Repo.init(folder)
    repo.git.add("-A")
    repo.git.commit("-qm", "Begin")
    return repo
