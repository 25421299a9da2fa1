"""Releases to a devpi-server without its staging."""

from __future__ import annotations

import re
from dataclasses import replace
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
    from pathlib import Path

    from tests.end_to_end.devpi.conftest import DevpiScene
    from tests.fakes.devpi import Devpi

pytestmark = pytest.mark.xdist_group("devpi")


@pytest.mark.parametrize("pages", ["HTML", pytest.param("JSON", marks=pytest.mark.slow)])
def test_a_release_killed_in_the_middle_is_finished_by_resume(
    make_devpi_scene: Callable[..., DevpiScene], devpi: Devpi, pages: str
) -> None:
    with html_alone(devpi.url) as url:
        scene = make_devpi_scene(through=url if pages == "HTML" else "")
        scene.die_at("after index.upload")
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
    index.client.s.close()
