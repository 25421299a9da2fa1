"""Code of a release that looks for the upload's secret wherever a process can look."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD
from tests.fakes.cells import isolation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.misbehaving.conftest import Stage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")

PYTHON = [sys.executable, "-m", "release_sync.cli.main"]

READING = "word-to-read-with"

LOOK = """
def look(who):
    '''Write down where a secret was found, and what was looked into or could not be.'''
    import os, re
    from pathlib import Path
    secret = BACKWARDS[::-1].encode()
    said = []

    def search(where, read):
        try:
            content = read()
        except OSError:
            said.append(f"closed {where}")
        else:
            said.append(f"{'found' if secret in content else 'saw'} {where}")

    def parent(process):
        line = (process / "stat").read_text().rpartition(")")[2]
        return Path("/proc", line.split()[1])

    def memory(process):
        content = []
        with open(process / "mem", "rb", buffering=0) as stream:
            for line in (process / "maps").read_text().splitlines():
                span = re.match(r"(\\w+)-(\\w+) rw", line)
                if span and "[v" not in line:
                    begin, end = (int(one, 16) for one in span.groups())
                    stream.seek(begin)
                    content.append(stream.read(end - begin))
        return b"".join(content)

    own = repr(dict(os.environ))
    search("own environment", own.encode)
    if READING in own:
        said.append("found what reads the index")
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            search("environ", (process / "environ").read_bytes)
    process = Path("/proc/self")
    while process.name != "0" and b"\\0--yes" not in (process / "cmdline").read_bytes():
        process = parent(process)
    if process.name == "0":
        said.append("main is out of sight")
    else:
        search("environ of main", (process / "environ").read_bytes)
        search("memory of main", lambda: memory(process))
    try:
        Path(FOLDER).mkdir(exist_ok=True)
        Path(FOLDER, who).write_text("\\n".join(said))
    except OSError:
        said.append("closed way out")
    return said
"""

HATCH = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.hooks.custom]
"""

HATCH_HOOK = """
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

class Curious(BuildHookInterface):
    def initialize(self, version, build_data):
        from pathlib import Path
        Path(self.root, "src/workstack_kit/build.txt").write_text("\\n".join(look("build")))
"""

IMPORT = """
said = look("import")
if ISOLATED:
    import json, pathlib
    build = pathlib.Path(__file__).with_name("build.txt").read_text()
    raise SystemExit("SAID" + json.dumps({"build": build.splitlines(), "import": said}))
"""

CURIOUS = ("hook", "build", "import")


def make_curious(stage: Stage, isolation: str) -> None:
    """Let a commit hook, a build and an import of the release look around.

    What they saw is left in a folder; in a cell, an import fails with it.
    """
    scene = stage.scene
    scene.git("config", "core.hooksPath", str(scene.folder / "hooks"))
    look = LOOK.replace("BACKWARDS", repr(stage.real.password[::-1]))
    look = look.replace("FOLDER", repr(str(scene.folder / "seen"))).replace(
        "READING", repr(READING[:4]) + " + " + repr(READING[4:])
    )
    kit = scene.clone / "packages/workstack-kit"
    (kit / "hatch_build.py").write_text(look + HATCH_HOOK)
    module = IMPORT.replace("ISOLATED", repr(isolation == "require"))
    (kit / "src/workstack_kit/__init__.py").write_text(look + module)
    manifest = (kit / "pyproject.toml").read_text(encoding="utf-8")
    (kit / "pyproject.toml").write_text(manifest.replace(BUILD, HATCH), encoding="utf-8")
    with (scene.clone / "pyproject.toml").open("a", encoding="utf-8") as stream:
        stream.write(f'isolation = "{isolation}"\n')
    scene.commit("Be curious")
    scene.git("push", "-q", "origin", "main")
    hook = scene.folder / "hooks/pre-commit"
    hook.parent.mkdir()
    hook.write_text(f"#!{sys.executable}\n{look}\nlook('hook')\n")
    hook.chmod(0o755)


def ordinary() -> list[str]:
    """Return what runs a program without the capabilities that let root look into every process."""
    if os.geteuid():
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("there is no setpriv, and root may look into every process")
    return ["setpriv", "--bounding-set=-all"]


def publish_curiously(
    stage: Stage, program: list[str], isolation: str = "off"
) -> subprocess.CompletedProcess[str]:
    """Publish with a token."""
    scene = stage.scene
    make_curious(stage, isolation)
    environ = {name: value for name, value in scene.environ.items() if "UV_PUBLISH" not in name}
    secrets = {"UV_PUBLISH_TOKEN": stage.real.password, "UV_INDEX_OTHER_PASSWORD": READING}
    return subprocess.run(
        [*program, "publish", "--yes"],
        cwd=scene.clone,
        env={**environ, **secrets},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def said_by(stage: Stage) -> dict[str, list[str]]:
    """Return what each of the curious has written down."""
    files = (stage.scene.folder / "seen").glob("*")
    return {file.name: file.read_text(encoding="utf-8").splitlines() for file in files}


@pytest.mark.parametrize("how", ["any user", "root"])
def test_no_code_of_a_release_finds_what_it_is_uploaded_with(
    how: str, set_stage: Callable[..., Stage]
) -> None:
    stage = set_stage()
    program = [*ordinary(), "release-sync"] if how == "any user" else PYTHON
    done = publish_curiously(stage, program)
    assert done.returncode == 0, done.stderr
    assert len(stage.scene.served()) == 4, "the token was good"
    seen = said_by(stage)
    assert seen.keys() == {*CURIOUS}
    for who, said in seen.items():
        assert "saw own environment" in said, who
        found = [one for one in said if one.startswith("found")]
        if how == "any user":
            closed = {"closed environ of main", "closed memory of main"} <= {*said}
            assert closed or "main is out of sight" in said, who
            assert found == [], who
        else:  # nothing that it sees is closed to root
            assert found in ([], ["found memory of main"]), who


def test_code_in_a_cell_finds_nothing_and_has_no_way_out(set_stage: Callable[..., Stage]) -> None:
    """Neither the processes of the release nor its files, whoever runs it."""
    isolation()
    stage = set_stage()
    done = publish_curiously(stage, PYTHON, "require")
    assert done.returncode == 1, done.stderr
    assert said_by(stage).keys() == {"hook"}, "a commit hook is the user's own; no other got out"
    seen = json.loads(done.stderr.partition("SAID")[2].splitlines()[0])
    assert seen.keys() == {"build", "import"}
    for who, said in seen.items():
        assert {"saw own environment", "main is out of sight"} <= {*said}, who
        assert "saw environ" in said, who
        assert [one for one in said if one.startswith("found")] == [], who


def test_a_job_that_is_handed_the_artifacts_runs_no_code_of_the_release(
    set_stage: Callable[..., Stage],
) -> None:
    stage = set_stage()
    scene = stage.scene
    for name in ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"):
        del scene.environ[name]
    make_curious(stage, "off")
    made = scene.run("prepare", "--yes")
    assert made.returncode == 0, made.stderr
    assert said_by(stage).keys() == {*CURIOUS}
    shutil.rmtree(scene.folder / "seen")
    fresh, artifacts = scene.another_clone(), ".git/release-sync/artifacts"
    scene.git("fetch", "-q", "origin", "refs/release-sync/*:refs/release-sync/*", cwd=fresh)
    shutil.copytree(scene.clone / artifacts, fresh / artifacts)
    token = {"UV_PUBLISH_TOKEN": stage.real.password}
    done = scene.run("resume", "--yes", cwd=fresh, environ=token)
    assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4
    assert said_by(stage) == {}
