"""What the jobs of both hosts have in common."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.cli.adoption.pipelines.kind import Pipeline
    from release_sync.cli.adoption.pipelines.matrix.builds import Build
    from release_sync.cli.adoption.pipelines.matrix.machines import Machine


def job_suffix(pipeline: Pipeline, build: Build) -> str:
    """Return what the names of a group's jobs end with: nothing where there is one group."""
    return f"-{re.sub('[^a-z0-9-]', '-', build.group)}" if len(pipeline.builds) > 1 else ""


def pure_lines(pipeline: Pipeline, build: Build, folder: str) -> Iterator[str]:
    """Yield what builds all sdists of a group, and the wheels that are for any system."""
    for one in build.pure:
        yield f"uv build {quote(pipeline.path(one))} --out-dir {folder}"
    for native in build.native:
        yield f"uv build {quote(pipeline.path(native.folder))} --sdist --out-dir {folder}"


def runner(machine: Machine, runners: Mapping[Machine, str], host: str) -> str:
    """Return the runner of a host that builds for a machine. Raises Unreadable for none."""
    if machine not in runners:
        raise Unreadable(
            f"{host} has no runner that builds wheels for {machine}, which `artifacts` asks for",
            hint="docs/ci.md, under `Built on many machines`, has the jobs to write yourself",
        )
    return runners[machine]
