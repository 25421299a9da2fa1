"""Git, for so many seconds and no longer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import git

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMED_OUT = 124
"""The exit status of a git that was ended, as the program ``timeout`` has it."""


def bounded(repo: git.Repo, arguments: Sequence[str], seconds: float) -> str:
    """Run git in a repository, and return what it wrote to stdout, as GitPython does.

    After ``seconds`` it is killed, and what it started (``git-remote-http``, ssh, hooks) with it.
    GitPython's own bound asks ``pgrep`` or ``ps`` for these; where neither is installed (slim
    containers), they live on, hold the pipe, and the wait never ends. Raises GitCommandError.
    """
    line = ["git", *arguments]
    handle = repo.git.execute(line, as_process=True)  # it ends git when it is let go
    process = handle.proc
    if process is None:
        raise AssertionError(line)
    try:
        out, error = process.communicate(timeout=seconds)
    except BaseException as reason:
        end(process.pid)
        process.communicate()
        if isinstance(reason, subprocess.TimeoutExpired):
            words = f"it did not end within {seconds:g} seconds"
            raise git.GitCommandError(line, TIMED_OUT, words) from reason
        raise
    if process.returncode:
        raise git.GitCommandError(line, process.returncode, error, out)
    return str(out.decode("utf-8", "surrogateescape")).removesuffix("\n")


def end(pid: int) -> None:
    """Kill a process and all that it started."""
    family = [pid]
    for parent in family:  # it grows while it is walked
        family.extend(children(parent))
    for one in family:
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue


def children(pid: int) -> list[int]:
    """Return the processes that a process started; /proc knows, or else ``pgrep``."""
    if Path("/proc/self/stat").exists():
        stats = (_parent(stat) for stat in Path("/proc").glob("[0-9]*/stat"))
        return [child for child, parent in stats if parent == pid]
    if shutil.which("pgrep") is None:
        return []
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(one) for one in found.stdout.split()]


def _parent(stat: Path) -> tuple[int, int]:
    """Read a process and its parent (proc_pid_stat(5): the name in between may hold anything)."""
    try:
        text = stat.read_text(errors="replace")
    except OSError:
        return 0, 0  # it has ended
    return int(stat.parent.name), int(text.rpartition(")")[2].split()[1])
