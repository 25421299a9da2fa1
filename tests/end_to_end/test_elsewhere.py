"""Reserved in one job, built by several machines, sealed in a third, uploaded in a fourth."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.tags import platform_tags
from tests.end_to_end.conftest import BUILD, configuration, manifest
from tests.fakes.plain_backend import BACKEND, SYSTEM

from release_sync.effects.uv.installed_pythons import installed
from release_sync.effects.uv.program import find_uv

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene

OURS = f"cp{sys.version_info.major}{sys.version_info.minor}"
HERE = next(one for one in platform_tags() if not one.startswith("linux_"))
KIT = "workstack_kit-0.1.11"
APP = "workstack_app-0.1.11"
MACHINES = (f"{OURS}-{OURS}-{HERE}", f"{OURS}-{OURS}-win_amd64")
WHEELS = [f"{KIT}-{tag}.whl" for tag in MACHINES]
FILES = sorted([f"{APP}-py3-none-any.whl", f"{APP}.tar.gz", f"{KIT}.tar.gz", *WHEELS])
TAGGED = BACKEND.replace("py3-none-any", "{os.environ['TAG']}").replace('"Wheel-V', 'f"Wheel-V')
LOOKED_INTO = "only looked into, for this machine can't try them"


@pytest.fixture
def scene(make_scene: Callable[..., Scene]) -> Scene:
    """Two packages; of ``workstack-kit``, which is in a folder, each machine makes a wheel."""
    made = make_scene({"workstack-app": ("workstack-kit",), "workstack-kit": ()})
    wanted = json.dumps([f"{OURS}-{OURS}-{HERE}", "cp3*-cp3*-win_amd64"])
    table = f"\n[tool.release-sync.artifacts]\nworkstack-kit = {wanted}\n"
    app = manifest("workstack-app", ("workstack-kit",), more=configuration(made.index) + table)
    made.write("pyproject.toml", app.replace(BUILD, SYSTEM))
    kit = manifest("workstack-kit", ()).replace(BUILD, SYSTEM)
    made.write("packages/workstack-kit/pyproject.toml", kit)
    for folder in (".", "packages/workstack-kit"):
        made.write(f"{folder}/own.py", TAGGED)
    made.commit("Build it by hand")
    made.git("push", "-q", "origin", "main")
    return made


def reserved(scene: Scene) -> dict[str, str]:
    """Reserve a version, and return what is handed on."""
    file = scene.folder / "outputs"
    done = scene.run("prepare", "--yes", "--candidate", "--outputs", str(file))
    assert done.returncode == 0, done.stderr
    return outputs(file)


def outputs(file: Path) -> dict[str, str]:
    """Return the lines of a file of outputs."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def checked_out(scene: Scene, given: dict[str, str], name: str) -> Path:
    """Return a clone that has the candidate, as a machine gets it that builds."""
    clone = scene.another_clone(name)
    scene.git("fetch", "-q", "origin", given["ref"], cwd=clone)
    scene.git("checkout", "-q", "--detach", given["commit"], cwd=clone)
    return clone


def built(scene: Scene, given: dict[str, str]) -> Path:
    """Let two machines build, and return the folder in which all of it is collected."""
    folder = scene.folder / "collected"
    folder.mkdir()
    one, other = (checked_out(scene, given, f"machine-{name}") for name in ("one", "other"))
    hooked(one / "packages/workstack-kit", folder, MACHINES[0], "build_wheel", "build_sdist")
    hooked(one, folder, "py3-none-any", "build_wheel", "build_sdist")
    hooked(other / "packages/workstack-kit", folder, MACHINES[1], "build_wheel")
    assert sorted(one.name for one in folder.iterdir()) == FILES
    return folder


def hooked(package: Path, folder: Path, tag: str, *hooks: str) -> None:
    """Call hooks of a package's own backend."""
    code = "".join(f"own.{one}({str(folder)!r})\n" for one in hooks)
    subprocess.run([sys.executable, "-c", f"import own\n{code}"], cwd=package,
                   env={**os.environ, "TAG": tag}, check=True)  # fmt: skip


def test_what_machines_built_is_sealed_and_uploaded(scene: Scene) -> None:
    given = reserved(scene)
    assert scene.refs()[given["ref"]] == given["seal"]
    assert (given["tag"], given["version"]) == ("v0.1.11", "0.1.11")
    collected, bundle = built(scene, given), scene.folder / "bundle"

    seal = ("prepare", "--yes", "--artifacts", str(collected), "--seal", given["seal"])
    fresh, aside = scene.folder / "sealing", scene.folder / WHEELS[1]
    shallow = ("clone", "-q", "--depth=1", f"file://{scene.remote}", str(fresh))
    scene.git(*shallow, cwd=scene.folder)
    scene.git("checkout", "-q", "--detach", cwd=fresh)
    shutil.move(collected / aside.name, aside)
    done = scene.run(*seal, cwd=fresh)
    assert (done.returncode, scene.refs()[given["ref"]]) == (1, given["seal"])
    assert "workstack-kit: no wheel for cp3*-cp3*-win_amd64 is there" in done.stderr
    shutil.move(aside, collected / aside.name)
    done = scene.run(*seal, "--output", str(bundle), cwd=fresh)
    assert done.returncode == 0, done.stderr
    assert f"; {LOOKED_INTO}: {WHEELS[1]}\n" in done.stderr
    sealed = scene.refs()[given["ref"]]

    shutil.copy(bundle / WHEELS[0], scene.packages)  # an upload that stopped behind its first file
    resume = ("resume", "--yes", "--artifacts", str(bundle), "--seal", sealed)
    publisher = scene.another_clone("publisher")
    done = scene.run(*resume, cwd=publisher)
    assert done.returncode == 0, done.stderr
    assert scene.served() == FILES
    assert scene.refs()["refs/tags/v0.1.11"] == sealed
    done = scene.run("verify", "v0.1.11", "--json", cwd=publisher)
    files = json.loads(done.stdout.splitlines()[-1])["files"]
    assert sorted(one["filename"] for one in files if one["seen"] == "exact") == FILES


@pytest.mark.slow
def test_whoever_has_the_files_goes_on(scene: Scene) -> None:
    """What a job does again changes nothing; who has none of the files is told which."""
    given = reserved(scene)
    again = scene.another_clone("again")
    done = scene.run("prepare", "--yes", "--candidate", "--json", cwd=again)
    said = json.loads(done.stdout.splitlines()[-1])
    assert {key: said[key] for key in given} == given, done.stderr
    done = scene.run("status", "--json")
    assert json.loads(done.stdout)["pending"][0]["state"] == "reserved"
    said = scene.run("resume", "--dry-run").stdout
    assert "\nReserved " in said
    assert "  prepare --artifacts DIR  verifies and seals" in said
    for command in ("resume", "publish"):
        done = scene.run(command, "--yes")
        assert (done.returncode, "prepare --artifacts DIR" in done.stderr) == (4, True), done.stderr

    collected = built(scene, given)
    for _ in range(2):
        done = scene.run("prepare", "--yes", "--artifacts", str(collected), cwd=again)
        assert done.returncode == 0, done.stderr
    done = scene.run("resume", "--yes")
    assert (done.returncode, scene.served()) == (4, [])
    assert all(name in done.stderr for name in FILES)
    shutil.copy(collected / WHEELS[0], scene.packages)
    done = scene.run("resume", "--yes", cwd=again)
    assert done.returncode == 0, done.stderr
    assert scene.served() == FILES


@pytest.mark.slow
def test_what_is_hostile_is_refused_and_the_version_stays_reserved(scene: Scene) -> None:
    given = reserved(scene)
    collected = built(scene, given)
    wheel = collected / WHEELS[1]
    content = wheel.read_bytes()

    def refused() -> str:
        done = scene.run("prepare", "--yes", "--artifacts", str(collected))
        assert done.returncode == 1, done.stderr
        assert scene.refs()[given["ref"]] == given["seal"]
        wheel.unlink()
        wheel.write_bytes(content)
        return done.stderr

    wheel.rename(scene.folder / "elsewhere")
    wheel.symlink_to(scene.folder / "elsewhere")
    assert f"{wheel.name} is not in" in refused()
    for compression, words in (
        (zipfile.ZIP_DEFLATED, "it unpacks to more than"),
        (zipfile.ZIP_LZMA, "holds workstack_kit/zeros.bin, which is of unknown compression"),
    ):
        with zipfile.ZipFile(wheel, "a", compression) as archive, archive.open(
            "workstack_kit/zeros.bin", "w", force_zip64=True
        ) as stream:  # fmt: skip
            for _ in range(400):
                stream.write(bytes(1 << 20))
        assert words in refused()
    done = scene.run("abort", "--yes")
    assert done.returncode == 0, done.stderr
    assert given["ref"] not in scene.refs()

    module = "packages/workstack-kit/src/workstack_kit/__init__.py"  # the same version once more
    scene.write(module, '"""Another one."""\n')
    scene.commit("Change it")
    scene.git("push", "-q", "origin", "main")
    given = reserved(scene)
    words = "src/workstack_kit/__init__.py in it is not that of the release commit, but of another"
    assert f"{KIT}.tar.gz: {words}" in refused()


SETUP = """\
from setuptools import Extension, setup

setup(ext_modules=[Extension("workstack_kit.fast", ["src/workstack_kit/fast.c"])])
"""
FAST = """\
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "fast", NULL, -1, NULL};
PyMODINIT_FUNC PyInit_fast(void) { return PyModule_Create(&module); }
"""
INIT = '"""The package workstack-kit."""\n\nimport workstack_kit.fast\n'


@pytest.mark.slow
def test_a_matrix_of_compiled_wheels_for_real(make_scene: Callable[..., Scene]) -> None:
    """Two Pythons of this machine build an extension in C; each is tried by that Python."""
    pythons = [one for one in installed(os.environ, Path(os.devnull)) if one.release >= (3, 11)][:2]
    if shutil.which(sysconfig.get_config_var("CC").split(" ")[0]) is None or len(pythons) < 2:
        pytest.skip(f"NO MATRIX IS BUILT: no compiler of C here, or one Python alone: {pythons}")
    scene = make_scene({"workstack-app": ("workstack-kit",), "workstack-kit": ()})
    minors = [f"cp{''.join(one.minor.split('.'))}" for one in pythons]
    table = json.dumps([f"{one}-{one}-*" for one in minors])
    app = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    app = app.replace(
        '"quick"', f'"full"\naccept = ["linux-tag"]\nartifacts = {{ workstack-kit = {table} }}'
    )
    scene.write("pyproject.toml", app)
    system = (
        '[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'
    )
    kit = "packages/workstack-kit"
    scene.write(f"{kit}/pyproject.toml", manifest("workstack-kit", ()).replace(BUILD, system))
    scene.write(f"{kit}/setup.py", SETUP)
    scene.write(f"{kit}/src/workstack_kit/fast.c", FAST)
    scene.write(f"{kit}/src/workstack_kit/__init__.py", INIT)
    scene.commit("Compile it")
    scene.git("push", "-q", "origin", "main")

    given, collected = reserved(scene), scene.folder / "collected"
    for python, minor in zip(pythons, minors, strict=True):
        machine = checked_out(scene, given, minor)
        out = ("-o", str(collected), "--python", python.program, "-q")
        uv(machine, "build", "--package", "workstack-kit", "--wheel", *out)
    uv(machine, "build", "--package", "workstack-kit", "--sdist", *out)
    uv(machine, "build", *out)
    assert (collected / ".gitignore").exists()  # uv's own
    done = scene.run("prepare", "--yes", "--artifacts", str(collected))
    assert done.returncode == 0, done.stderr
    both = " and ".join(one.minor for one in pythons)
    assert f"each installs by itself and imports, on Python {both}" in done.stderr
    assert f"{LOOKED_INTO}: {KIT}.tar.gz\n" in done.stderr
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert len([one for one in scene.served() if one.startswith(KIT)]) == 3


def uv(folder: Path, *arguments: str) -> None:
    """Run uv there."""
    subprocess.run([find_uv(os.environ["PATH"]), *arguments], cwd=folder, check=True)
