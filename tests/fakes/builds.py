"""Members that are built for one test, by what builds them in a release."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import git

from release_sync.effects.build.artifacts import build
from release_sync.effects.build.backend_hooks import Hooks
from release_sync.effects.build.environment import OBJECTS, Surroundings
from release_sync.effects.build.environments import Environments
from release_sync.effects.build.layers import can_be_laid
from release_sync.effects.build.member_build import Built, MemberBuild
from release_sync.effects.build.project import Project, Sources, project_of
from release_sync.effects.git.source_tree import export, objects_of
from release_sync.effects.isolation.isolation import Isolation, choose
from release_sync.effects.uv.commands import Uv
from release_sync.toml.manifest import MANIFEST, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

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
    uv, sources, around, projects = brought(folder, members or ("",), isolation)
    return build(uv, sources, {"one-two": "1.0"}, around, projects)[0]


@contextmanager
def attempts(
    folder: Path, *members: str, isolation: Isolation | None = None
) -> Iterator[list[MemberBuild]]:
    """Yield the build of each member, in an environment that they share: each may be run once."""
    uv, sources, around, projects = brought(folder, members, isolation)
    laid = can_be_laid(uv.isolation, sources.folder)
    environments = Environments(uv, sources, {"one-two": "1.0"}, layered=lambda: laid)
    with Hooks(around) as hooks:
        yield [MemberBuild(environments, hooks, *one) for one in enumerate(projects)]


def brought(
    folder: Path, members: Sequence[str], isolation: Isolation | None
) -> tuple[Uv, Sources, Surroundings, list[Project]]:
    """Commit a folder and export it beside it; return what a build takes."""
    out = folder.with_name(f"{folder.name}-out")
    repo = committed(folder)
    uv = Uv().isolated(choose("auto") if isolation is None else isolation)
    objects = str(objects_of(repo))
    inside = OBJECTS if uv.isolation.isolates else objects
    export(repo, repo.head.commit.hexsha, out / "tree", inside, EPOCH)
    projects = [
        project_of("one-two", name, parsed(MANIFEST, (folder / name / MANIFEST).read_bytes()), {})
        for name in members
    ]
    sources = Sources(out / "build", out / "tree", out / "tree", EPOCH)
    return uv, sources, Surroundings((), objects), projects


def committed(folder: Path) -> git.Repo:
    repo = git.Repo.init(folder)
    repo.git.add("-A")
    repo.git.commit("-qm", "Begin")
    return repo
