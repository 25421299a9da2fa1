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
from release_sync.effects.build.member_build import Built, MemberBuild
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from release_sync.effects.build.environment import Surroundings
    from release_sync.effects.build.project import Project, Sources
    from release_sync.effects.uv.commands import Uv
    from release_sync.seals.built_with import BuiltWith
    from release_sync.steps.observed import Report


def build(
    uv: Uv,
    sources: Sources,
    version: str,
    surroundings: Surroundings,
    projects: Sequence[Project],
    sealed: Sequence[BuiltWith] = (),
    report: Report = to_nobody,
) -> tuple[list[Built], tuple[BuiltWith, ...]]:
    """Build each project's sdist and, from it, its wheel; return the files of each, and what with.

    ``version`` is what all of them will have; with what was ``sealed`` they are built as they were
    then. Raises Problem with the end of the output of what failed.
    """
    environments = Environments(uv, sources, version, sealed)
    with Hooks(surroundings) as hooks, ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            report("make environments", 0, 0, "packages")
            for project in projects:
                environments.environment(project, project.requires)
            builds = [MemberBuild(environments, hooks, *one) for one in enumerate(projects)]
            return list(_built(pool, builds, report)), environments.described
        except BaseException as reason:
            hooks.stop()  # the pool waits for whatever is at work
            if not isinstance(reason, Exception):
                uv.children.stop()
            raise


def _built(pool: Executor, builds: Sequence[MemberBuild], report: Report) -> Iterator[Built]:
    report("build", 0, len(builds), "packages")
    for number, one in enumerate(pool.map(MemberBuild.run, builds), 1):
        report("build", number, len(builds), "packages")
        yield one
