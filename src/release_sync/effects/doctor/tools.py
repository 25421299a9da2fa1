"""The programs that a release runs: git, uv and Python; and what keeps builds apart."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from release_sync.effects.doctor.rows import Row, fine, unsure, wrong
from release_sync.effects.git import version as git_versions
from release_sync.effects.uv import version as uv_versions
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.doctor.supported import Supported
    from release_sync.effects.isolation.isolation import Isolation
    from release_sync.effects.uv.commands import Uv


def tools(uv: Uv) -> Iterator[Row]:
    """Yield a row for each program."""
    yield program_row(git_versions.SUPPORTED, git_versions.git_version())
    try:
        yield program_row(uv_versions.SUPPORTED, uv.version())
    except Problem as problem:
        yield wrong("uv", problem)
    yield fine("Python", f"{platform.python_version()}, {sys.executable}")


def program_row(supported: Supported, said: str) -> Row:
    """Return whether a program is of a version that a release runs on, and that was tried."""
    problem = supported.problem(said)
    if problem is not None:
        return wrong(supported.program, problem)
    here = said.removeprefix("git version ").removeprefix("uv ").partition("(")[0].strip(" \n")
    if supported.is_newer(said):
        text = f"{here} is newer than any that was tried: {supported.words}"
        return unsure(supported.program, text, "`release-sync rehearse` shows whether it does")
    return fine(supported.program, f"{here} ({supported.words} were tried)")


def isolation_row(isolation: Isolation) -> Row:
    """Return whether builds are kept apart from the machine."""
    if isolation.problem is not None:
        return wrong("isolation", isolation.problem)
    if isolation.isolates or isolation.reason.startswith("isolation = "):
        return fine("isolation", isolation.words)
    return unsure("isolation", isolation.words, "install bubblewrap, or allow user namespaces")
