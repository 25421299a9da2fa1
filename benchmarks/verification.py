"""The verification of a release, at each level, beside `uv build` of the same packages.

With `--by-hand` also beside the same installations with uv alone, one after the other.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from release import PROGRAMS, Scene, change, make, seconds

from release_sync.effects.build.archives import metadata, modules_of, requires_python
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.installed_pythons import installed, lowest_and_highest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOP = Path(__file__).resolve().parents[1]
LEVELS = ("metadata", "quick", "full")
GOALS = {"quick": 0.5, "full": 2.0}

PATIENCE = {"RES_OPTIONS": "timeout:1 single-request"}
"""For all that is measured: where an answer of the name server gets lost, glibc waits for 1 s, not
for 5, and it asks for one thing at a time, of which less gets lost (resolv.conf(5))."""


class Round(NamedTuple):
    """What one round took, in seconds: ``uv build``, and for each level our build and the rest.

    ``by_hand`` is the verification with uv alone, where that was asked for.
    """

    by_uv: float
    built: dict[str, float]
    verified: dict[str, float]
    by_hand: dict[str, float]

    def ratio(self, level: str) -> float:
        """Return how long a level takes, with what it adds to our build, by ``uv build``."""
        added = self.built[level] - self.built["metadata"] if level == "full" else 0.0
        return (self.verified[level] + added) / self.by_uv


def main() -> int:
    """Measure this repository, and workspaces of several sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", type=int, nargs="*", default=[10, 50])
    parser.add_argument("--by-hand", action="store_true", help="the same with uv alone, too")
    given = parser.parse_args()
    print(f"{'members':>7} {'uv build':>9}", *(f"{level:>16}" for level in LEVELS))
    for members in (0, *given.members):
        with ExitStack() as stack:
            show(members, measure(place(stack, members), given.rounds, by_hand=given.by_hand))
    return 0


def place(stack: ExitStack, members: int) -> Scene:
    """Lay a workspace out; 0 members are this repository."""
    scene = make(stack, members or 2, "auto")
    scene.environ.update(PATIENCE)
    if not members:
        shutil.rmtree(scene.clone)
        shutil.rmtree(scene.folder / "remote.git")
        scene.run("git", "clone", "-q", "--bare", str(TOP), "remote.git", cwd=scene.folder)
        scene.run("git", "clone", "-q", "remote.git", "clone", cwd=scene.folder)
    return scene


def measure(scene: Scene, rounds: int, *, by_hand: bool) -> list[Round]:
    """Return what each round took; the first one warms up and does not count."""
    found = []
    for number in range(rounds + 1):
        out = scene.folder / "dist"
        build = ("uv", "build", "-q", "--all-packages", "--clear", "-o", str(out))
        by_uv = seconds(lambda build=build: scene.run(*build))
        alone = dict(by_uv_alone(scene)) if by_hand else {}
        steps = {level: rehearsed(scene, number, level) for level in LEVELS}
        built, verified = (
            {level: one[step] for level, one in steps.items()} for step in ("build", "verify")
        )
        found.append(Round(by_uv, built, verified, alone))
    return found[1:]


def by_uv_alone(scene: Scene) -> Iterator[tuple[str, float]]:
    """Verify what ``uv build`` built as people type it; yield the seconds of each level.

    Nothing is looked into, nothing is kept apart, and each installation asks the index again.
    """
    dist, uv = scene.folder / "dist", Uv(scene.environ)
    wheels = sorted(dist.glob("*.whl"))
    every = ";".join(f"import {one}" for wheel in wheels for one in modules_of(wheel))
    whole = (sys.executable, [*map(str, wheels)], every)
    yield "quick", seconds(lambda: alone(scene, *whole))
    pythons = installed(scene.environ, uv.managed_pythons())
    tried = []
    for wheel in wheels:
        about, code = metadata(wheel), f"import {','.join(modules_of(wheel))}"
        for python in lowest_and_highest(pythons, requires_python(wheel)):
            for extra in ("", *(f"[{one}]" for one in about.get("provides_extra", []))):
                what = f"{about['name']}{extra}=={about['version']}"
                tried.append((python.program, [what], code))
            if python.program != sys.executable:
                names = [str(one) for one in dist.glob(f"{wheel.name.split('-')[0]}-*.tar.gz")]
                tried.append((python.program, ["--no-deps", *names], "pass"))
    yield "full", seconds(lambda: [alone(scene, *one) for one in tried])


def alone(scene: Scene, python: str, wanted: Sequence[str], code: str) -> None:
    """Install something into a new environment, and run code there."""
    environment = str(scene.folder / "alone")
    scene.run("uv", "venv", "-q", "--no-project", "--clear", "-p", python, environment)
    links = ("--find-links", str(scene.folder / "dist"))
    scene.run("uv", "pip", "install", "-q", "-p", environment, *links, *wanted, cwd=scene.folder)
    scene.run(f"{environment}/bin/python", "-c", code, cwd=scene.folder)


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
    for level in rounds[0].by_hand:
        took = statistics.median(one.by_hand[level] for one in rounds)
        ratio = statistics.median(one.by_hand[level] / one.by_uv for one in rounds)
        print(f"{'':8}by hand, {level}: {took:.2f}s {ratio:.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
