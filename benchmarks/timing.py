"""Measure commands side by side: round robin, so that a busy minute meets all of them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SLOW = 2.0
"""Seconds; what takes longer is run in the first few rounds only."""
FEW = 3


class Contestant(NamedTuple):
    """A command, where it runs, and what has to be done before each run (not measured)."""

    name: str
    command: Sequence[str]
    folder: Path
    before: Callable[[], None] = lambda: None


class Timing(NamedTuple):
    """Seconds of each run."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of all runs."""
        return statistics.median(self.seconds)

    def quantile(self, part: float) -> float:
        """Return the run that this part of all runs is faster than."""
        ordered = sorted(self.seconds)
        return ordered[round(part * (len(ordered) - 1))]


def measure(
    contestants: Sequence[Contestant], rounds: int, environ: dict[str, str]
) -> list[Timing]:
    """Run every contestant once a round, in turn; the first round warms up and does not count."""
    seconds: dict[str, list[float]] = {one.name: [] for one in contestants}
    for one in contestants:
        run(one, environ)
    for number in range(rounds):
        for one in contestants:
            known = seconds[one.name]
            if number < FEW or statistics.median(known) < SLOW:
                known.append(run(one, environ))
    return [Timing(name, tuple(known)) for name, known in seconds.items()]


def run(contestant: Contestant, environ: dict[str, str]) -> float:
    """Run a contestant, and return the seconds; one that fails ends it all."""
    contestant.before()
    started = time.perf_counter()
    done = subprocess.run(
        contestant.command,
        cwd=contestant.folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        said = (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]
        raise SystemExit(f"{contestant.name} ends with {done.returncode}:\n{said}")
    return seconds


def environment(home: Path, folder: Path) -> dict[str, str]:
    """Return an environment with a home and a git configuration of its own."""
    home.mkdir(parents=True, exist_ok=True)
    lines = "[user]\n\tname = A\n\temail = a@example.com\n[init]\n\tdefaultBranch = main\n"
    (home / ".gitconfig").write_text(lines)
    # Byte code is written once where programs are installed; a machine for tests may forbid it.
    left_out = ("GIT_", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    return {
        **kept,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_COLOR": "1",
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
    }
