"""A release to PyPI's index for tests, at its own addresses: only the machine is another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from tests.fakes.proxy import proxy

from release_sync.effects.index.address import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene


@pytest.mark.slow
def test_one_option_releases_there_without_any_configuration(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene({"one": ()})
    for name in [name for name in scene.environ if name.startswith("UV_PUBLISH")]:
        del scene.environ[name]
    text = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    manifest, _, _ = text.partition("[tool.uv.workspace]")
    scene.write("pyproject.toml", manifest.replace("[\n]", '["iniconfig"]'))
    scene.write("src/one/__init__.py", "import iniconfig as iniconfig\n")
    (scene.clone / "uv.lock").unlink()
    scene.commit("Require something, and configure nothing")
    scene.git("push", "-q", "origin", "main")
    # Somebody else has the name there, as somebody has of nearly every package.
    (scene.packages / "iniconfig-99.0.tar.gz").write_bytes(b"of somebody else")
    password = scene.index.password
    Path(scene.environ["HOME"], ".pypirc").write_text(f"[testpypi]\npassword = {password}\n")
    host = urlsplit(resolve("testpypi", {}, {}).read).hostname
    assert host is not None
    with proxy(scene.folder, host, scene.index.upload, {"/legacy/": "/"}) as there:
        sealed = scene.run("prepare", "--test-pypi", "--yes", environ=there.environ)
        assert sealed.returncode == 0, sealed.stderr
        assert ("POST", "/legacy/") not in there.asked
        done = scene.run("resume", "--yes", environ=there.environ)  # the seal says where to
        assert done.returncode == 0, done.stderr
        assert there.asked.count(("POST", "/legacy/")) == 2
        verified = scene.run("verify", "--json", environ=there.environ)
        assert verified.returncode == 0, verified.stderr
        assert '"index": "testpypi"' in verified.stdout
    assert "one is a new project on testpypi" in sealed.stderr
    assert password not in done.stdout + done.stderr
    assert [name for name in scene.served() if name.startswith("one")] == [
        "one-0.1.11-py3-none-any.whl", "one-0.1.11.tar.gz",
    ]  # fmt: skip
