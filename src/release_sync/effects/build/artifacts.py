"""Builds of sdists and wheels, in one isolated environment for each set of build requirements.

PEP 517 asks for the requirements to be there, not for an environment of its own for every
artifact; making those is where a release of many members spends its time (29 of 30 s for fifty,
measured). So members whose ``build-system`` asks for the same share one environment, and they are
built side by side. Each build has a source tree of its own, and each hook a process of its own.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from release_sync.effects.build.backend_hooks import Hooks
from release_sync.effects.build.environments import Environments
from release_sync.effects.build.layers import can_be_laid
from release_sync.effects.build.member_build import Built, MemberBuild
from release_sync.errors import Problem
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from release_sync.effects.build.environment import Surroundings
    from release_sync.effects.build.project import Project, Sources
    from release_sync.effects.uv.commands import Uv
    from release_sync.seals.artifact import Expected
    from release_sync.seals.built_with import BuiltWith
    from release_sync.steps.observed import Report


def build(
    uv: Uv,
    sources: Sources,
    versions: Mapping[str, str],
    surroundings: Surroundings,
    projects: Sequence[Project],
    sealed: Sequence[BuiltWith] = (),
    report: Report = to_nobody,
    compared: bool = False,  # noqa: FBT001, FBT002 - of a build's many words the last
) -> tuple[list[Built], tuple[BuiltWith, ...]]:
    """Build each project's sdist and, from it, its wheel; return the files of each, and what with.

    ``versions`` are what they will have, by their names; with what was ``sealed`` they are built as
    they were then. To be ``compared``, a wheel is made of each tree, too. Raises Incomplete with
    the end of the output of each that failed; Problem when there is nothing to build with.
    """
    with (
        Hooks(surroundings) as hooks,
        uv.children.others(hooks.stop),
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        layered = pool.submit(can_be_laid, uv.isolation, sources.folder)
        environments = Environments(
            uv, sources, versions, sealed, layered=layered.result, ahead=surroundings.ahead
        )
        try:
            report("make environments", 0, 0, "packages")
            for _ in pool.map(lambda one: environments.environment(one, one.requires), projects):
                pass  # what can't be made is raised here, and once
            builds = [
                MemberBuild(environments, hooks, *one, compared=compared)
                for one in enumerate(projects)
            ]
            return _built(pool, builds, report), environments.described
        except BaseException as reason:
            hooks.stop()  # the pool waits for whatever is at work
            if not isinstance(reason, Exception):
                uv.children.stop()
            raise


class Incomplete(Problem):
    """Some members don't build. ``built`` are the files of the others, by their place in the set.

    Everything that can be said of these is said with it, and not one build later.
    """

    def __init__(self, problems: Mapping[str, Problem], built: Mapping[int, Built]) -> None:
        """Hold what is wrong, by the names of the members, and what is not."""
        first = next(iter(problems.values()))
        super().__init__("; ".join(one.message for one in problems.values()), hint=first.hint)
        self.problems = problems
        self.built = built


def _built(pool: Executor, builds: Sequence[MemberBuild], report: Report) -> list[Built]:
    """Return what was built, in order. Raises Incomplete."""
    report("build", 0, len(builds), "packages")
    problems, found = {}, {}
    for number, one in enumerate(pool.map(_attempt, builds)):
        report("build", number + 1, len(builds), "packages")
        if isinstance(one, Problem):
            problems[builds[number].project.name] = one
        else:
            found[number] = one
    if problems:
        raise Incomplete(problems, found)
    return list(found.values())


def _attempt(build: MemberBuild) -> Built | Problem:
    try:
        return build.run()
    except Problem as problem:
        return problem


def files(members: Sequence[Expected], built: Sequence[Built]) -> Iterator[tuple[Expected, Path]]:
    """Yield each file that was built, with its member."""
    for member, one in zip(members, built, strict=True):
        for file in one.files:
            yield member, file
