"""Releases to a devpi-server without its staging."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.contracts.test_index import sdist
from tests.fakes.devpi import PASSWORD, USER, html_alone

from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Refused, Taken
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.devpi.conftest import DevpiScene
    from tests.fakes.devpi import Devpi

pytestmark = pytest.mark.xdist_group("devpi")


@pytest.mark.slow
@pytest.mark.parametrize("pages", ["HTML", "JSON"])
def test_a_release_killed_in_the_middle_is_finished_by_resume(
    make_devpi_scene: Callable[..., DevpiScene], devpi: Devpi, pages: str
) -> None:
    with html_alone(devpi.url) as url:
        scene = make_devpi_scene(through=url if pages == "HTML" else "")
        scene.die("after index.upload")
        assert [one for one in scene.served() if "app" in one] == []
        done = scene.run("resume", "--yes")
        assert done.returncode == 0, done.stderr
        assert re.findall(r"✓ Published +(\S+)", done.stderr) == ["workstack-app"]
        assert scene.devpi.files() == scene.sealed()
        assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
        verified = scene.run("verify", "v0.1.11")
        assert verified.returncode == 0, verified.stdout + verified.stderr


def test_what_it_refuses_is_said_in_its_own_words(
    devpi: Devpi, tmp_path: Path, environ: dict[str, str]
) -> None:
    """It takes the same bytes twice, and says so with 200; another file of that name with 409."""
    there = devpi.make_index()
    uv = Uv({**environ, "UV_PUBLISH_USERNAME": USER, "UV_PUBLISH_PASSWORD": PASSWORD})
    index = PackageIndex(there.address, uv, tmp_path)
    file, seen = sdist(tmp_path, "kit")
    assert index.look_up(seen) is Observed.ABSENT
    index.upload([file])
    index.upload([file])
    assert index.look_up(seen) is Observed.EXACT
    other, _ = sdist(tmp_path / "other", "kit", b"another")
    with pytest.raises(Taken, match=r"kit-1\.tar\.gz already exists in non-volatile index"):
        index.upload([other])
    assert index.look_up(replace(seen, sha256="0" * 64)) is Observed.FOREIGN
    uv.environ["UV_PUBLISH_PASSWORD"] = "wrong"
    with pytest.raises(Refused, match=r"devpi refused user nia \(401\)"):
        index.upload([file])
    index.download.session.close()


@pytest.mark.slow
def test_a_file_that_somebody_overwrites_in_the_middle_is_noticed_before_the_landing(
    make_devpi_scene: Callable[..., DevpiScene], tmp_path: Path
) -> None:
    """A volatile index lets others do that, once this member was uploaded and seen."""
    scene = make_devpi_scene(volatile=True)
    wheel = "workstack_kit-0.1.11-py3-none-any.whl"
    with scene.asleep("before index.upload", 2) as process:
        (kept,) = scene.clone.glob(f".git/release-sync/artifacts/*/{wheel}")
        theirs = Path(shutil.copy(kept, tmp_path))
        with zipfile.ZipFile(theirs, "a") as archive:
            archive.writestr("theirs.py", "")
        Uv(scene.environ).publish([theirs], scene.index.upload, tmp_path)
        code, said = scene.wake(process)
    assert code == 4
    assert "it was, before somebody overwrote it" in said
    assert f"scene serves another file as {wheel}" in said
    assert "run `release-sync abort --abandon`" in said
    assert "refs/tags/v0.1.11" not in scene.refs()
