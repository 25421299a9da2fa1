"""A release to an index that asks for a password at every turn, from each place that has one."""

from __future__ import annotations

import subprocess
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import TWO, Scene, lay_out

from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WRONG = "nobodys-password"


@pytest.fixture
def guarded(tmp_path: Path, environ: dict[str, str]) -> Iterator[Scene]:
    """Two packages, and an index that is read with a password, too: uv has that from variables."""
    packages = tmp_path / "packages"
    packages.mkdir()
    with embedded_index(packages, ("list", "download", "update")) as index:
        reads = {
            "UV_INDEX_SCENE_USERNAME": index.username,
            "UV_INDEX_SCENE_PASSWORD": index.password,
        }
        scene = Scene(tmp_path, index, packages, {**environ, **reads}, TWO)
        lay_out(scene)
        yield scene


def pypirc(scene: Scene, password: str) -> None:
    """Write the file that twine reads, with a password for where uploads go."""
    Path(scene.environ["HOME"], ".pypirc").write_text(
        f"[distutils]\nindex-servers =\n    company\n\n[company]\n"
        f"repository = {scene.index.upload.rstrip('/')}\n"
        f"username = {scene.index.username}\npassword = {password}\n",
        encoding="utf-8",
    )


def test_a_wrong_password_loses_nothing_before_the_seal_or_after_it(guarded: Scene) -> None:
    secret, before = guarded.index.password, guarded.state()
    pypirc(guarded, WRONG)
    refused = guarded.run("publish", "--yes")
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-2:] == [
        "error: scene refused user rehearsal (403)",
        "hint: see that ~/.pypirc has the right password",
    ]
    assert guarded.state() == before
    sealed = guarded.run("prepare", "--yes")
    assert sealed.returncode == 0, sealed.stderr
    late = guarded.run("resume", "--yes")
    assert late.returncode == 4
    assert late.stderr.count("refused user rehearsal (403)") == 1
    assert guarded.served() == []
    pypirc(guarded, secret)
    done = guarded.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert len(guarded.served()) == 4
    assert {"refs/heads/main", "refs/tags/v0.1.11"} == {*guarded.refs()}
    for said in (refused, sealed, late, done):
        assert not any(word in said.stdout + said.stderr for word in (secret, WRONG))


def token(scene: Scene) -> Mapping[str, str]:
    return {"UV_PUBLISH_TOKEN": scene.index.password}


def netrc(scene: Scene) -> Mapping[str, str]:
    """Write a file that both the index is read and files are uploaded with."""
    file = scene.folder / "netrc"
    one = scene.index
    file.write_text(f"machine 127.0.0.1 login {one.username} password {one.password}\n")
    return {"NETRC": str(file), "UV_INDEX_SCENE_USERNAME": "", "UV_INDEX_SCENE_PASSWORD": ""}


def keyring(scene: Scene) -> Mapping[str, str]:
    """Keep the password with the program keyring, in a file."""
    venv = scene.folder / "keyring"
    where = {
        **scene.environ,
        "PATH": f"{venv / 'bin'}:{scene.environ['PATH']}",
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "XDG_DATA_HOME": str(scene.folder / "data"),
    }
    for line, given in (
        (["uv", "venv", "-q", str(venv)], ""),
        (["uv", "pip", "install", "-q", "--python", str(venv), "keyring", "keyrings.alt"], ""),
        (["keyring", "set", scene.index.upload, scene.index.username], scene.index.password),
    ):
        subprocess.run(
            line, input=given, text=True, env=where, cwd=scene.folder, check=True, stdout=DEVNULL
        )
    login = {"UV_KEYRING_PROVIDER": "subprocess", "UV_PUBLISH_USERNAME": scene.index.username}
    return {**where, **login}


@pytest.mark.slow
def test_each_place_that_may_have_the_password_publishes(guarded: Scene) -> None:
    for number, place in enumerate((token, netrc, keyring), 1):
        environ = place(guarded)
        done = guarded.run("publish", "--yes", environ=environ)
        assert done.returncode == 0, done.stderr
        assert len(guarded.served()) == 4 * number
        assert guarded.index.password not in done.stdout + done.stderr
        guarded.write("src/workstack_app/__init__.py", f'"""After {number}."""\n')
        guarded.commit("Write more")
        guarded.git("push", "-q", "origin", "main")
