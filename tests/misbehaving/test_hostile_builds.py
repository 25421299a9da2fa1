"""A backend that tries everything: in a cell it reaches nothing, elsewhere it does not last."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD, TWO, environ_in, scenes_in
from tests.fakes.cells import EACH_CELL, isolation, named
from tests.fakes.plain_backend import BACKEND, SYSTEM
from tests.misbehaving import attacks

from release_sync.effects.opening import open_context
from release_sync.effects.workbench import ScratchWorkbench
from release_sync.seals.artifact import Expected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Scene

    from release_sync.effects.isolation.isolation import Isolation, Kind
    from release_sync.seals.artifact import Artifacts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")

HOSTILE = """
from attacks import attempt_all
honest_sdist, honest_wheel = build_sdist, build_wheel


def build_sdist(*given):
    attempt_all("sdist")
    return honest_sdist(*given)


def build_wheel(*given):
    attempt_all("wheel")
    return honest_wheel(*given)
"""

ALLOWED = {"sdist": {"write_into_the_candidate", "leave_a_daemon"}, "wheel": {"leave_a_daemon"}}
"""What a build may do in its cell: what it changed there and what it left is gone with it."""

WITHOUT_CELLS = (
    "read_an_environment",
    "tag_the_repository",
    "write_a_ref",
    "replace_the_answers",
    "connect",
    "poison_the_cache",
    "poison_the_environment",
)
"""What nothing keeps a build from there."""

LEFT = "processes that the {} build of {} left running: 1; they were ended"

IS_ROOT = os.geteuid() == 0

ATTEMPTS = {one.__name__ for one in attacks.ATTEMPTS}


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Two members whose backends mean harm, in a folder that cells show: not in /tmp."""
    ours = request.config.rootpath / ".cache"
    ours.mkdir(exist_ok=True)
    folder = Path(mkdtemp(prefix="hostile-", dir=ours))
    with scenes_in(folder, environ_in(folder)) as make:
        yield hostile(make(TWO))
    shutil.rmtree(folder)


def hostile(scene: Scene) -> Scene:
    cache = scene.folder / "cache"
    cache.mkdir()
    scene.environ["UV_CACHE_DIR"] = str(cache)
    for name, folder in (("workstack-app", ""), ("workstack-kit", "packages/workstack-kit/")):
        manifest = (scene.clone / folder / "pyproject.toml").read_text(encoding="utf-8")
        scene.write(f"{folder}pyproject.toml", manifest.replace(BUILD, SYSTEM))
        scene.write(f"{folder}own.py", BACKEND + HOSTILE)
        arm(scene, scene.clone / folder)
        scene.write(f"{folder}README.md", name)
    scene.commit("Mean harm")
    scene.git("push", "-q", "origin", "main")
    return scene


def arm(scene: Scene, folder: Path) -> None:
    """Put the attacks into a folder, and where they aim."""
    shutil.copy(attacks.__file__, folder / "attacks.py")
    targets = {
        "folder": str(scene.folder),
        "repository": str(scene.clone),
        "remote": str(scene.remote),
        "cache": str(scene.folder / "cache"),
        "daemon": daemon_of(scene),
        "port": int(scene.index.simple.rpartition(":")[2].partition("/")[0]),
    }
    (folder / "targets.json").write_text(json.dumps(targets))


def reached(said: dict[str, str]) -> set[str]:
    assert said.keys() == ATTEMPTS
    return {name for name, words in said.items() if words.startswith("reached ")}


def said_in(wheel: Path) -> dict[str, dict[str, str]]:
    """Return what the attempts came to in each hook; a wheel is built from what the sdist has."""
    with zipfile.ZipFile(wheel) as archive:
        files = [name for name in archive.namelist() if name.endswith(".json")]
        return {Path(name).stem: json.loads(archive.read(name)) for name in files}


def daemon_of(scene: Scene) -> str:
    """Return what a daemon of the scene is called, for all processes to see; 15 letters at most."""
    return f"evil-{scene.folder.name[-8:]}"


def build(scene: Scene, cells: Isolation) -> tuple[Artifacts, list[dict[str, dict[str, str]]]]:
    """Build both members as a release does; return what was built, and what was attempted."""
    bench = open_context(str(scene.clone)).world("default").workbench
    assert isinstance(bench, ScratchWorkbench)
    bench.uv = bench.uv.isolated(cells)
    bench.open("HEAD")
    try:
        members = [Expected("workstack-kit", "packages/workstack-kit", "0.1.10")]
        members.append(Expected("workstack-app", "", "0.1.10"))
        made = bench.build(members, scene.git("rev-parse", "HEAD"))
        wheels = sorted(bench.store.incoming.glob("*.whl"))
        return made, [said_in(wheel) for wheel in wheels]
    finally:
        bench.close()


@EACH_CELL
def test_a_build_in_a_cell_reaches_nothing(
    kind: Kind, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UV_CACHE_DIR", "TMPDIR"):
        monkeypatch.setenv(name, scene.environ[name])
    before = scene.state()
    made, attempted = build(scene, isolation(kind))
    for said in attempted:
        assert {hook: reached(words) for hook, words in said.items()} == ALLOWED, said
    assert named(daemon_of(scene)) == []
    assert scene.state() == before
    assert not (scene.folder / "cache/evil.pth").exists()
    for name, folder in (("workstack-app", ""), ("workstack-kit", "packages/workstack-kit/")):
        changed = f".git/hooks/pre-push, .git/refs/tags/evil, {folder}README.md"
        starts = [
            f"the build of {name} changed {changed}, in its own copy: ",
            *(LEFT.format(kind, name) for kind in ("sdist", "wheel")),
        ]
        for start in starts:
            assert [note for note in made.notes if note.startswith(start)] != [], start
    assert len(made.notes) == 6


def test_without_a_cell_a_build_reaches_much_and_does_not_last(scene: Scene) -> None:
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", f'{manifest}isolation = "off"\n')
    scene.commit("Trust all code")
    scene.git("push", "-q", "origin", "main")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert named(daemon_of(scene)) == []
    for name in ("workstack-app", "workstack-kit"):
        for kind in ("sdist", "wheel"):
            assert LEFT.format(kind, name) in done.stderr
    verified = scene.run("verify", "v0.1.11")
    assert verified.returncode == 0, verified.stderr
    wheels = sorted(scene.packages.glob("*.whl"))
    assert len(wheels) == 2
    for wheel in wheels:
        for hook, said in said_in(wheel).items():
            assert reached(said) >= {*WITHOUT_CELLS, *ALLOWED[hook]}, said


def test_run_by_hand_every_attempt_succeeds(scene: Scene) -> None:
    """Otherwise the tests above would prove nothing."""
    members = scene.folder / "members"
    for number in range(2):
        for name in ("source", "out", "control"):
            (members / f"{number}-sdist" / name).mkdir(parents=True)
    own = members / "0-sdist/source"
    scene.git("clone", "-q", str(scene.remote), str(own))
    arm(scene, own)
    environment = scene.folder / "environment"
    venv.create(environment, symlinks=True)
    program = [environment / "bin/python", own / "attacks.py"]
    subprocess.run(program, cwd=own, env={"PATH": os.environ["PATH"]}, check=True)
    said = json.loads((own / "src/workstack_app/plain.json").read_text(encoding="utf-8"))
    assert reached(said) == ATTEMPTS - (set() if IS_ROOT else {"rule_the_machine"}), said
    assert (members / "1-sdist/out/planted").exists()
    assert scene.git("tag").startswith("evil-")
    assert (scene.folder / "cache/evil.pth").exists()
    (daemon,) = named(daemon_of(scene))
    try:
        wheel = scene.folder / "one.whl"
        wheel.write_bytes(b"a wheel")
        line = [sys.executable, "-c", "import time; time.sleep(1)", "publish", str(wheel)]
        subprocess.run(line, check=True)
        assert wheel.read_bytes().startswith(b"a wheelbackdoor")
    finally:
        os.kill(int(daemon), 9)
