"""The programs that a release runs: git, uv and Python; and what keeps builds apart."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from release_sync.effects.doctor.rows import Row, fine, first_problem, unsure, wrong
from release_sync.effects.git import version as git_versions
from release_sync.effects.uv import version as uv_versions
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.isolation.isolation import Isolation
    from release_sync.effects.uv.commands import Uv


def tools(uv: Uv) -> Iterator[Row]:
    """Yield a row for each program."""
    said = git_versions.git_version().removeprefix("git version ")
    supported = _from(git_versions.SUPPORTED)
    yield first_problem("git", [git_versions.git_problem()], f"{said} ({supported})")
    try:
        said = uv.version().partition("(")[0].removeprefix("uv ").strip(" \n")
    except Problem as problem:
        yield wrong("uv", problem)
    else:
        yield first_problem("uv", [uv.problem()], f"{said} ({_from(uv_versions.SUPPORTED)})")
    yield fine("Python", f"{platform.python_version()}, {sys.executable}")


def _from(version: tuple[int, ...]) -> str:
    return f"{'.'.join(map(str, version))} or later is supported"


def isolation_row(isolation: Isolation) -> Row:
    """Return whether builds are kept apart from the machine."""
    if isolation.problem is not None:
        return wrong("isolation", isolation.problem)
    if isolation.isolates or isolation.reason.startswith("isolation = "):
        return fine("isolation", isolation.words)
    return unsure("isolation", isolation.words, "install bubblewrap, or allow user namespaces")
