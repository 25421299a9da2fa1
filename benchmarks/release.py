"""`release-sync publish`, isolated and not, beside a shell script that does the same by hand."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scenes import BUILD
from timing import environment

from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.effects.index.address import Address

HERE = Path(__file__).resolve().parent
PROGRAMS = Path(sys.executable).parent
GOALS = {2: 1.1, 10: 0.35, 50: 0.25, 200: 0.2}


class Scene(NamedTuple):
    """A workspace in a clone of a bare remote, and an index of its own."""

    folder: Path
    index: Address
    environ: dict[str, str]

    @property
    def clone(self) -> Path:
        """Where the release is made."""
        return self.folder / "clone"

    def run(self, *command: str, cwd: Path | None = None) -> None:
        """Run a command that has to succeed."""
        done = subprocess.run(
            command,
            cwd=cwd or self.clone,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")


class Round(NamedTuple):
    """What one round took, in seconds: by hand, and ours with and without isolation."""

    by_hand: float
    isolated: float
    exposed: float


def main() -> int:
    """Measure each size, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", type=int, nargs="+", default=[2, 10, 50, 200])
    given = parser.parse_args()
    head = f"{'members':>7} {'by hand':>10} {'release-sync':>13} {'ratio':>6} {'spread':>14}"
    print(f"{head} {'isolation off':>14} {'ratio':>6}  goal")
    for members in given.members:
        show(members, measure(members, given.rounds))
    return 0


def measure(members: int, rounds: int) -> list[Round]:
    """Return the seconds of each for each round; the first one warms up and does not count."""
    with ExitStack() as stack:
        scenes = [make(stack, members, one) for one in ("auto", "auto", "off")]
        found = []
        for number in range(rounds + 1):
            for scene in scenes:
                change(scene, number)
            theirs = seconds(lambda number=number: by_hand(scenes[0], number))
            mine = [seconds(lambda scene=scene: publish(scene)) for scene in scenes[1:]]
            compare(scenes, 2 * members * (number + 1))
            found.append(Round(theirs, *mine))
    return found[1:]


def compare(scenes: list[Scene], files: int) -> None:
    """Make sure that all did what they were measured at: the same files are served by now."""
    served = [{path.name for path in (scene.folder / "packages").iterdir()} for scene in scenes]
    differ = set.union(*served) - set.intersection(*served)
    if differ or len(served[0]) != files:
        raise SystemExit(f"{files} files expected: {sorted(differ)} differ")


def show(members: int, rounds: list[Round]) -> None:
    """Print a line: medians of the seconds, and the ratios to the same round's release by hand."""
    hand, ours, off = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratios = sorted(one.isolated / one.by_hand for one in rounds)
    without = statistics.median(one.exposed / one.by_hand for one in rounds)
    ratio, goal = statistics.median(ratios), GOALS.get(members)
    spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
    word = "" if goal is None else f"at most {goal}: {'met' if ratio <= goal else 'MISSED'}"
    print(
        f"{members:>7} {hand:>9.2f}s {ours:>12.2f}s {ratio:>6.2f} {spread:>14}"
        f" {off:>13.2f}s {without:>6.2f}  {word}",
        flush=True,
    )


def seconds(act: Callable[[], None]) -> float:
    """Time an act."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def change(scene: Scene, number: int) -> None:
    """Commit something, so that there is something to release."""
    (scene.clone / "CHANGES").write_text(f"{number}\n")
    scene.run("git", "add", "CHANGES")
    scene.run("git", "commit", "-qm", f"Change {number}")


def by_hand(scene: Scene, number: int) -> None:
    """Release the next patch by the shell script."""
    versions = (f"0.1.{number}", f"0.1.{number + 1}")
    scene.run("sh", str(HERE / "by-hand.sh"), *versions, scene.index.upload)


def publish(scene: Scene) -> None:
    """Release the next patch with everything verified."""
    scene.run(str(PROGRAMS / "release-sync"), "publish", "--yes")


def make(stack: ExitStack, members: int, isolation: str) -> Scene:
    """Lay a scene out: locked, committed, pushed."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    (folder / "packages").mkdir()
    index = stack.enter_context(embedded_index(folder / "packages"))
    login = {"UV_PUBLISH_USERNAME": index.username, "UV_PUBLISH_PASSWORD": index.password}
    environ = {**environment(folder / "home", PROGRAMS), **login}
    cache = subprocess.run(
        [PROGRAMS / "uv", "cache", "dir"], capture_output=True, text=True, check=True
    )
    scene = Scene(folder, index, {**environ, "UV_CACHE_DIR": cache.stdout.strip()})
    scene.run("git", "init", "-q", "--bare", "remote.git", cwd=folder)
    scene.run("git", "clone", "-q", "remote.git", "clone", cwd=folder)
    write(scene, members, isolation)
    scene.run("uv", "lock", "-q")
    scene.run("git", "add", "-A")
    scene.run("git", "commit", "-qm", "Begin")
    scene.run("git", "push", "-q", "origin", "main")
    return scene


def write(scene: Scene, members: int, isolation: str) -> None:
    """Write a root that needs the first of its members; each of those needs the next but one."""
    names = [f"speed-{number}" for number in range(1, members)]
    more = (
        '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
        f'[[tool.uv.index]]\nname = "scene"\nurl = "{scene.index.simple}"\n'
        f'publish-url = "{scene.index.upload}"\nexplicit = true\n'
        '[tool.release-sync]\nindex = "scene"\nwait = 20\n'
        f'isolation = "{isolation}"\nverify = "quick"\n'
    )
    sources = "".join(f"{name} = {{ workspace = true }}\n" for name in names)
    _member(scene.clone, "speed", names[:1], f"{more}[tool.uv.sources]\n{sources}")
    for number, name in enumerate(names):
        _member(scene.clone / "packages" / name, name, names[number + 2 : number + 3])
    (scene.clone / ".gitignore").write_text("dist/\n.venv/\n")


def _member(folder: Path, name: str, needs: list[str], more: str = "") -> None:
    module = folder / "src" / name.replace("-", "_")
    module.mkdir(parents=True)
    (module / "__init__.py").write_text(f'"""The package {name}."""\n')
    pins = ", ".join(f'"{need}==0.1.0"' for need in needs)
    project = f'[project]\nname = "{name}"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n'
    text = f"{project}dependencies = [{pins}]\n{BUILD}{more}"
    (folder / "pyproject.toml").write_text(text)


if __name__ == "__main__":
    sys.exit(main())
