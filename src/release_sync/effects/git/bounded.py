"""Run git with a time-out."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.environment import unattended
from release_sync.effects.processes import end

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TIMED_OUT = 124
"""The exit status of a git that was ended, as the program ``timeout`` has it."""

_AT_WORK: set[int] = set()


def bounded(
    repo: git.Repo,
    arguments: Sequence[str],
    seconds: float,
    environ: Mapping[str, str] | None = None,
) -> str:
    """Run git in a repository, unattended, and return what it wrote to stdout, as GitPython does.

    ``environ`` is for this git alone: what a repository has of its own, its threads share.
    After ``seconds`` it is killed, and what it started (``git-remote-http``, ssh, hooks) with it.
    GitPython's own bound asks ``pgrep`` or ``ps`` for these; where neither is installed (slim
    containers), they live on, hold the pipe, and the wait never ends. Raises GitCommandError.
    """
    line = ["git", *arguments]
    handle = repo.git.execute(
        line, as_process=True, env={**(environ or {}), **unattended()}
    )  # it ends git when it is let go
    process = handle.proc
    if process is None:
        raise AssertionError(line)
    _AT_WORK.add(process.pid)
    try:
        out, error = process.communicate(timeout=seconds)
    except BaseException as reason:
        end(process.pid)
        process.communicate()
        if isinstance(reason, subprocess.TimeoutExpired):
            words = f"it did not end within {seconds:g} seconds"
            raise git.GitCommandError(line, TIMED_OUT, words) from reason
        raise
    finally:
        _AT_WORK.discard(process.pid)
    if process.returncode:
        raise git.GitCommandError(line, process.returncode, error, out)
    return str(out.decode("utf-8", "surrogateescape")).removesuffix("\n")


def end_all() -> None:
    """Kill each git that any thread waits for here, and what it started."""
    for one in [*_AT_WORK]:
        end(one)
