"""The verification of a release, at each level, beside `uv build` of the same packages."""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from release import PROGRAMS, Scene, change, make, seconds

TOP = Path(__file__).resolve().parents[1]
LEVELS = ("metadata", "quick", "full")
GOALS = {"quick": 0.5, "full": 2.0}


class Round(NamedTuple):
    """What one round took, in seconds: ``uv build``, and for each level our build and the rest."""

    by_uv: float
    built: dict[str, float]
    verified: dict[str, float]

    def ratio(self, level: str) -> float:
        """Return how long a level takes, with what it adds to our build, by ``uv build``."""
        added = self.built[level] - self.built["metadata"] if level == "full" else 0.0
        return (self.verified[level] + added) / self.by_uv


def main() -> int:
    """Measure this repository, and workspaces of several sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", type=int, nargs="*", default=[10, 50])
    given = parser.parse_args()
    print(f"{'members':>7} {'uv build':>9}", *(f"{level:>16}" for level in LEVELS))
    for members in (0, *given.members):
        with ExitStack() as stack:
            show(members, measure(place(stack, members), given.rounds))
    return 0


def place(stack: ExitStack, members: int) -> Scene:
    """Lay a workspace out; 0 members are this repository."""
    scene = make(stack, members or 2, "auto")
    if not members:
        shutil.rmtree(scene.clone)
        shutil.rmtree(scene.folder / "remote.git")
        scene.run("git", "clone", "-q", "--bare", str(TOP), "remote.git", cwd=scene.folder)
        scene.run("git", "clone", "-q", "remote.git", "clone", cwd=scene.folder)
    return scene


def measure(scene: Scene, rounds: int) -> list[Round]:
    """Return what each round took; the first one warms up and does not count."""
    found = []
    for number in range(rounds + 1):
        out = scene.folder / "dist"
        build = ("uv", "build", "-q", "--all-packages", "--clear", "-o", str(out))
        by_uv = seconds(lambda build=build: scene.run(*build))
        steps = {level: rehearsed(scene, number, level) for level in LEVELS}
        built, verified = (
            {level: one[step] for level, one in steps.items()} for step in ("build", "verify")
        )
        found.append(Round(by_uv, built, verified))
    return found[1:]


def rehearsed(scene: Scene, number: int, level: str) -> dict[str, float]:
    """Rehearse a release at a level; return the seconds of its steps."""
    manifest = scene.clone / "pyproject.toml"
    lines = manifest.read_text(encoding="utf-8").split("\n")
    lines = [line for line in lines if not line.startswith("verify = ")]
    at = lines.index("[tool.release-sync]") + 1
    manifest.write_text("\n".join([*lines[:at], f'verify = "{level}"', *lines[at:]]))
    scene.run("git", "add", "-A")
    change(scene, number)
    done = subprocess.run(
        [str(PROGRAMS / "release-sync"), "rehearse", "--json"],
        cwd=scene.clone, env=scene.environ, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"rehearse: {done.returncode}\n{done.stdout}{done.stderr}")
    events = map(json.loads, done.stdout.rstrip("\n").split("\n"))
    return {one["step"]: one["seconds"] for one in events if one["event"] == "done"}


def show(members: int, rounds: list[Round]) -> None:
    """Print a line: medians of the seconds, and the ratios to the same round's ``uv build``."""
    by_uv = statistics.median(one.by_uv for one in rounds)
    cells = []
    for level in LEVELS:
        took = statistics.median(one.verified[level] for one in rounds)
        ratio = statistics.median(one.ratio(level) for one in rounds)
        goal = GOALS.get(level)
        word = "" if goal is None else " met" if ratio <= goal else " MISSED"
        cells.append(f"{took:>5.2f}s {ratio:>4.2f}{word:>5}")
    print(f"{members or 'here':>7} {by_uv:>8.2f}s", *cells, flush=True)


if __name__ == "__main__":
    sys.exit(main())
