"""`release-sync publish` beside a shell script that does the same by hand; near, and far away."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from distance import front, remote
from scenes import BUILD
from timing import environment

from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.effects.index.address import Address

HERE = Path(__file__).resolve().parent
PROGRAMS = Path(sys.executable).parent
GOALS = {2: 1.1, 10: 0.35, 50: 0.25, 200: 0.2, 500: 0.2}
FAR_GOALS = {2: 1.2, 10: 1.2}


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


class Took(NamedTuple):
    """What a release took, in seconds: all of it, and its parts; and its memory, in MB."""

    whole: float
    build: float
    verify: float
    upload: float
    memory: float = 0.0


class Round(NamedTuple):
    """A release by hand, and one of ours."""

    by_hand: Took
    ours: Took

    @property
    def ratio(self) -> float:
        """How long ours takes, by hand being 1."""
        return self.ours.whole / self.by_hand.whole


def main() -> int:
    """Measure each size, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", type=int, nargs="+", default=[2, 10, 50, 200, 500])
    parser.add_argument("--far", type=float, default=0, help="milliseconds added to each answer")
    parser.add_argument("--isolation", choices=["auto", "off"], default="auto")
    parser.add_argument("--cold", action="store_true", help="no round to warm up")
    given = parser.parse_args()
    print(f"{'members':>7} {'':12} {'whole':>8} {'build':>8} {'verify':>8} {'upload':>8}")
    for members in given.members:
        found = measure(members, given.rounds, given.far / 1000, given.isolation, given.cold)
        show(members, found, FAR_GOALS if given.far else GOALS)
    return 0


def measure(members: int, rounds: int, far: float, isolation: str, cold: bool) -> list[Round]:  # noqa: FBT001 - from the command line
    """Return each round; unless it is ``cold``, the first one warms up and does not count."""
    with ExitStack() as stack:
        scenes = [make(stack, members, isolation, far) for _ in range(2)]
        found = []
        for number in range(rounds + (not cold)):
            for scene in scenes:
                change(scene, number)
            found.append(Round(by_hand(scenes[0], number), publish(scenes[1])))
            compare(scenes, 2 * members * (number + 1))
    return found if cold else found[1:]


def compare(scenes: list[Scene], files: int) -> None:
    """Make sure that both did what they were measured at: the same files are served by now."""
    served = [{path.name for path in (scene.folder / "packages").iterdir()} for scene in scenes]
    differ = set.union(*served) - set.intersection(*served)
    if differ or len(served[0]) != files:
        raise SystemExit(f"{files} files expected: {sorted(differ)} differ")


def show(members: int, rounds: list[Round], goals: dict[int, float]) -> None:
    """Print the medians of both, and of the ratios of each round."""
    for name, takes in (("by hand", [one.by_hand for one in rounds]),
                        ("release-sync", [one.ours for one in rounds])):  # fmt: skip
        parts = [statistics.median(column) for column in zip(*takes, strict=True)]
        told = " ".join(f"{part:>7.2f}s" for part in parts[:4])
        memory = f" {parts[4]:.0f} MB" if parts[4] else ""
        print(f"{members:>7} {name:12} {told}{memory}")
    ratios = sorted(one.ratio for one in rounds)
    ratio, goal = statistics.median(ratios), goals.get(members)
    word = "" if goal is None else f"; at most {goal}: {'met' if ratio <= goal else 'MISSED'}"
    print(f"{'':8}{ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}){word}", flush=True)


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


def by_hand(scene: Scene, number: int) -> Took:
    """Release the next patch by the shell script."""
    versions = (f"0.1.{number}", f"0.1.{number + 1}")
    line = ("sh", str(HERE / "by-hand.sh"), *versions, scene.index.upload)
    at, whole, _ = timed(scene, line)
    return Took(whole, at["built"] - at["begun"], 0, at["uploaded"] - at["built"])


def publish(scene: Scene) -> Took:
    """Release the next patch."""
    line = (str(PROGRAMS / "release-sync"), "publish", "--yes", "--json")
    at, whole, memory = timed(scene, line)
    upload = at["started land"] - at["done begin"]
    return Took(whole, *(at[f"done {one}"] - at[f"started {one}"] for one in ("build", "verify")),
                upload, memory)  # fmt: skip


def timed(scene: Scene, line: tuple[str, ...]) -> tuple[dict[str, float], float, float]:
    """Run a release; return when it wrote each line, the seconds of all of it, and its memory.

    A line of JSON is known by its event and its step. The memory is the most that the process
    itself had, in MB.
    """
    began, at, memory = time.perf_counter(), {}, 0.0
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            line, cwd=scene.clone, env=scene.environ, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=said, text=True,
        ) as process,
    ):  # fmt: skip
        for text in process.stdout or ():
            word = text.strip()
            if word.startswith("{"):
                event = json.loads(word)
                word = f"{event['event']} {event.get('step', '')}"
            at[word] = time.perf_counter() - began
            memory = max(memory, peak(process.pid))
        if process.wait():
            said.seek(0)
            raise SystemExit(f"{' '.join(line)}: {process.returncode}\n{said.read()}")
    return at, time.perf_counter() - began, memory


def peak(pid: int) -> float:
    """Return the most memory that a process has had, in MB (proc_pid_status(5), VmHWM)."""
    with suppress(OSError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split("kB")[0]) / 1024
    return 0.0


def make(stack: ExitStack, members: int, isolation: str, far: float = 0) -> Scene:
    """Lay a scene out: locked, committed, pushed. Each answer comes ``far`` seconds later."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    (folder / "packages").mkdir()
    index = stack.enter_context(embedded_index(folder / "packages"))
    if far:
        index = stack.enter_context(front(index, far)).index
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
    if far:
        scene.run("git", "config", "-f", "../remote.git/config", "http.receivepack", "true")
        server = stack.enter_context(remote(folder, folder / "home", far))
        scene.run("git", "remote", "set-url", "origin", server.url())
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
