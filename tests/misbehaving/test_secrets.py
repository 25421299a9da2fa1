"""A secret in each place that uv looks in, and no trace of it anywhere else."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.cells import isolation
from tests.misbehaving import behaviours as b
from tests.misbehaving.watching import command_lines, holding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.misbehaving_index import Behaviour
    from tests.misbehaving.conftest import Stage


def token(stage: Stage) -> dict[str, str]:
    return {"UV_PUBLISH_TOKEN": stage.real.password}


def user_and_password(stage: Stage) -> dict[str, str]:
    return {
        "UV_PUBLISH_USERNAME": stage.real.username,
        "UV_PUBLISH_PASSWORD": stage.real.password,
    }


def publish_url(stage: Stage) -> dict[str, str]:
    """Release to uv's default index, which the environment names, with its password."""
    text = (stage.scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    stage.scene.write("pyproject.toml", text.replace('index = "scene"\n', ""))
    stage.scene.commit("Release to the default")
    stage.scene.git("push", "-q", "origin", "main")
    return {
        "UV_PUBLISH_URL": with_password(stage, stage.index.address.upload),
        "UV_PUBLISH_CHECK_URL": with_password(stage, stage.index.address.simple),
    }


def netrc(stage: Stage) -> dict[str, str]:
    file = Path(stage.scene.environ["HOME"], ".netrc")
    real = stage.real
    file.write_text(f"machine 127.0.0.1 login {real.username} password {real.password}\n")
    file.chmod(0o600)
    return {}


def named_netrc(stage: Stage) -> dict[str, str]:
    netrc(stage)
    home = Path(stage.scene.environ["HOME"])
    return {"NETRC": str((home / ".netrc").rename(home / "elsewhere"))}


def keyring(stage: Stage) -> dict[str, str]:
    """Put a program ``keyring`` on PATH that knows the password."""
    folder = Path(stage.scene.environ["HOME"], "bin")
    folder.mkdir()
    kept = folder / "kept"
    kept.write_text(stage.real.password)
    program = folder / "keyring"
    program.write_text(f'#!/bin/sh\ncat "{kept}"\n')
    program.chmod(0o755)
    return {
        "UV_KEYRING_PROVIDER": "subprocess",
        "UV_PUBLISH_USERNAME": stage.real.username,
        "PATH": f"{folder}:{stage.scene.environ['PATH']}",
    }


def store(stage: Stage) -> dict[str, str]:
    """Log in with uv; its store is below HOME."""
    where = {"XDG_DATA_HOME": str(Path(stage.scene.environ["HOME"], "data"))}
    subprocess.run(
        ["uv", "auth", "login", stage.index.address.upload, "--username", stage.real.username,
         "--password", "-"],
        input=stage.real.password, text=True, env={**stage.scene.environ, **where},
        check=True, capture_output=True,
    )  # fmt: skip
    return where


def pypirc(stage: Stage) -> dict[str, str]:
    """Write the file that uv does not read."""
    Path(stage.scene.environ["HOME"], ".pypirc").write_text(
        f"[scene]\nrepository = {stage.index.address.upload}\n"
        f"username = {stage.real.username}\npassword = {stage.real.password}\n"
    )
    return {}


OFTEN = (token,)
SELDOM = (pypirc, publish_url, user_and_password, netrc, named_netrc, keyring, store)
PLACES = (*OFTEN, *(pytest.param(place, marks=pytest.mark.slow) for place in SELDOM))


@pytest.fixture
def set_stage(set_stage: Callable[..., Stage]) -> Callable[..., Stage]:
    """Make stages where release-sync is really started, and puts its secrets away as it does."""

    def make(*given: Behaviour, **more: int) -> Stage:
        stage = set_stage(*given, **more)
        stage.scene.is_warm = False
        return stage

    return make


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_used_and_seen_nowhere(
    place: Callable[[Stage], Mapping[str, str]], set_stage: Callable[..., Stage]
) -> None:
    stage, environ = ready(set_stage, place)
    with command_lines() as watch:
        failed = stage.scene.run("publish", "--yes", "--json", environ=environ)
        stage.index.heal()
        done = stage.scene.run("resume", "--yes", environ=environ)
    assert failed.returncode == 4, failed.stderr
    assert "500" in failed.stderr
    assert done.returncode == 0, done.stderr
    assert len(stage.scene.served()) == 4
    secret = stage.real.password
    for said in (failed.stdout, failed.stderr, done.stdout, done.stderr):
        assert secret not in said
    assert any(b"publish" in line for line in watch.seen), "the watch saw nothing"
    assert watch.with_secret(secret) == []
    assert traces(stage) == []


def ready(
    set_stage: Callable[..., Stage], place: Callable[[Stage], Mapping[str, str]]
) -> tuple[Stage, dict[str, str]]:
    """Set a stage that fails at the second package, with the secret in one place only."""
    stage = set_stage(b.uploads(b.SECOND_PACKAGE, b.says(500, "no")), wait=3)
    for name in ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"):
        del stage.scene.environ[name]
    scratch = stage.scene.folder / "scratch"
    scratch.mkdir()
    return stage, {**place(stage), "TMPDIR": str(scratch)}


def traces(stage: Stage) -> list[str]:
    """Return the files that hold the secret, unpacked as git and archives would."""
    scene = stage.scene
    folders = (scene.clone, scene.remote, scene.packages, scene.folder / "scratch")
    objects = [
        str(file)
        for folder in (scene.clone / ".git/objects", scene.remote / "objects")
        for file in folder.glob("??/*")
        if stage.real.password.encode() in zlib.decompress(file.read_bytes())
    ]
    return [*holding(stage.real.password, folders), *objects]


def with_password(stage: Stage, url: str) -> str:
    return url.replace("://", f"://{stage.real.username}:{stage.real.password}@")


def test_the_watch_sees_a_secret_on_a_command_line(tmp_path: Path) -> None:
    with command_lines() as watch:
        line = [sys.executable, "-c", "import time; time.sleep(1)", "hello-secret"]
        subprocess.run(line, check=True)
    assert len(watch.with_secret("hello-secret")) == 1
    (tmp_path / "note").write_text("hello-secret")
    assert len(holding("hello-secret", [tmp_path])) == 1


def test_a_password_in_a_manifest_is_not_published(set_stage: Callable[..., Stage]) -> None:
    stage = set_stage()
    text = (stage.scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    upload = stage.index.address.upload
    line = f'publish-url = "{upload}"'
    stage.scene.write(
        "pyproject.toml", text.replace(line, line.replace(upload, with_password(stage, upload)))
    )
    stage.scene.commit("Write a password down")
    stage.scene.git("push", "-q", "origin", "main")
    for name in ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"):
        del stage.scene.environ[name]
    before = stage.scene.state()
    with command_lines() as watch:
        done = stage.scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "holds the secret of a URL in pyproject.toml" in done.stderr
    assert "workstack_app-0.1.11.tar.gz" in done.stderr
    assert stage.real.password not in done.stderr
    assert watch.with_secret(stage.real.password) == []
    assert stage.scene.state() == before


@pytest.mark.slow
def test_a_password_in_a_private_manifest_uploads_and_is_not_said(
    set_stage: Callable[..., Stage],
) -> None:
    stage = set_stage(b.uploads(1, b.says(403)))
    upload = stage.index.address.upload
    text = (stage.scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    text = text.replace(
        f'publish-url = "{upload}"', f'publish-url = "{with_password(stage, upload)}"'
    )
    stage.scene.write("pyproject.toml", text + "\n[tool.uv]\npackage = false\n")
    subprocess.run(["uv", "lock", "-q"], cwd=stage.scene.clone, env=stage.scene.environ, check=True)
    stage.scene.commit("Keep the root for ourselves")
    stage.scene.git("push", "-q", "origin", "main")
    for name in ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"):
        del stage.scene.environ[name]
    with command_lines() as watch:
        shown = stage.scene.run("plan")
        failed = stage.scene.run("publish", "--yes")
        stage.index.heal()
        done = stage.scene.run("resume", "--yes")
    assert shown.returncode == 0, shown.stderr
    assert failed.returncode == 4, failed.stderr
    assert done.returncode == 0, done.stderr
    said = "".join(one.stdout + one.stderr for one in (shown, failed, done))
    assert stage.real.password not in said
    assert watch.with_secret(stage.real.password) == []
    assert holding(stage.real.password, [stage.scene.packages]) == []


def test_what_uv_does_not_upload_with_is_not_counted(set_stage: Callable[..., Stage]) -> None:
    def index_variables(stage: Stage) -> dict[str, str]:
        return {
            "UV_INDEX_SCENE_USERNAME": stage.real.username,
            "UV_INDEX_SCENE_PASSWORD": stage.real.password,
        }

    stage, environ = ready(set_stage, index_variables)
    done = stage.scene.run("publish", "--yes", environ=environ)
    assert done.returncode == 1
    assert "no upload credentials for scene" in done.stderr
    assert stage.real.password not in done.stderr
    alone = {"UV_PUBLISH_PASSWORD": stage.real.password, "TMPDIR": environ["TMPDIR"]}
    done = stage.scene.run("publish", "--yes", environ=alone)
    assert done.returncode == 1
    assert "needs UV_PUBLISH_USERNAME" in done.stderr
    assert traces(stage) == []


def test_an_index_that_says_the_secret_aloud_is_not_repeated(
    set_stage: Callable[..., Stage],
) -> None:
    stage = set_stage()
    loud = set_stage_loud(stage)
    done = stage.scene.run("publish", "--yes", "--json", environ=loud)
    assert done.returncode == 1, done.stderr
    assert "your token is ****" in done.stderr
    assert stage.real.password not in done.stdout + done.stderr


def set_stage_loud(stage: Stage) -> dict[str, str]:
    """Make the index answer with the very secret."""
    stage.index.misbehave(b.uploads(0, b.says(403, f"your token is {stage.real.password}")))
    return user_and_password(stage)


def test_a_crash_report_has_no_secret(set_stage: Callable[..., Stage]) -> None:
    """A module that breaks when it is imported stands for a bug; its words hold the secret."""
    stage, environ = ready(set_stage, token)
    broken = stage.scene.folder / "broken"
    broken.mkdir()
    (broken / "filelock.py").write_text(
        "from release_sync.effects.secrets import environment\n"
        "raise RuntimeError('no ' + environment()['UV_PUBLISH_TOKEN'])\n"
    )
    done = stage.scene.run("publish", "--yes", environ={**environ, "PYTHONPATH": str(broken)})
    assert done.returncode == 3, done.stderr
    assert "RuntimeError" in done.stderr
    reports = list((stage.scene.folder / "scratch").iterdir())
    assert len(reports) == 1
    assert "RuntimeError" in reports[0].read_text(encoding="utf-8")
    assert stage.real.password not in done.stdout + done.stderr
    assert traces(stage) == []


def test_a_remote_with_a_password_that_fails_is_named_without_it(
    set_stage: Callable[..., Stage],
) -> None:
    stage = set_stage()
    stage.scene.git("remote", "set-url", "origin", "http://me:remote-secret@127.0.0.1:9/x.git")
    for command in ("publish", "resume", "abort"):
        done = stage.scene.run(command, "--yes")
        assert done.returncode == 1, done.stderr
        assert "origin" in done.stderr
        assert "remote-secret" not in done.stdout + done.stderr


DUMP = "import os, pathlib\npathlib.Path({!r}).write_text(repr(dict(os.environ)))\n"


def test_builds_hooks_and_imports_do_not_get_the_secret(set_stage: Callable[..., Stage]) -> None:
    """They run code that others wrote, and have nothing to upload."""
    stage, environ = ready(set_stage, user_and_password)
    scene = stage.scene
    dumps = {name: scene.folder / f"{name}.dump" for name in ("import", "hook", "backend")}
    module = scene.clone / "packages/workstack-kit/src/workstack_kit/__init__.py"
    module.write_text(DUMP.format(str(dumps["import"])))
    own_backend(stage, dumps["backend"], "off")
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    scene.commit("Be curious")
    scene.git("push", "-q", "origin", "main")
    hook = scene.clone / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nenv >"{dumps["hook"]}"\n')
    hook.chmod(0o755)
    stage.index.heal()
    done = scene.run("publish", "--yes", environ=environ)
    assert done.returncode == 0, done.stderr
    for name, dump in dumps.items():
        text = dump.read_text(encoding="utf-8")
        assert "HOME" in text, name
        assert stage.real.password not in text, name


def test_a_build_in_a_cell_writes_no_file_for_others(set_stage: Callable[..., Stage]) -> None:
    isolation()
    stage, environ = ready(set_stage, user_and_password)
    scene = stage.scene
    dump = scene.folder / "dump"
    own_backend(stage, dump, "require")
    scene.commit("Be curious")
    scene.git("push", "-q", "origin", "main")
    before = scene.state()
    done = scene.run("publish", "--yes", environ=environ)
    assert done.returncode == 1, done.stderr
    assert "workstack-kit does not build: " in done.stderr
    assert f"Error: [Errno 2] No such file or directory: '{dump}'" in done.stderr
    assert not dump.exists()
    assert scene.state() == before


def own_backend(stage: Stage, dump: Path, isolation: str) -> None:
    """Give the kit a backend of its own, in its tree, that looks around before it builds."""
    root = stage.scene.clone / "pyproject.toml"
    with root.open("a", encoding="utf-8") as stream:
        stream.write(f'isolation = "{isolation}"\n')
    folder = stage.scene.clone / "packages/workstack-kit"
    manifest = folder / "pyproject.toml"
    text = manifest.read_text(encoding="utf-8")
    text = text.replace(
        'build-backend = "uv_build"', 'build-backend = "look"\nbackend-path = ["."]'
    )
    manifest.write_text(text, encoding="utf-8")
    (folder / "look.py").write_text(DUMP.format(str(dump)) + "from uv_build import *\n")
    with manifest.open("a", encoding="utf-8") as stream:
        stream.write('\n[tool.uv.build-backend]\nsource-include = ["look.py"]\n')
