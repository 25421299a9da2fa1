"""Members whose version is a tag are released with the version that the tag is going to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene

BACKENDS = {
    "hatch-vcs": (
        '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\n'
        'build-backend = "hatchling.build"\n[tool.hatch.version]\nsource = "vcs"\n'
        'raw-options = { root = "../.." }\n'
    ),
    "setuptools-scm": (
        '[build-system]\nrequires = ["setuptools>=80", "setuptools-scm>=8"]\n'
        'build-backend = "setuptools.build_meta"\n[tool.setuptools_scm]\nroot = "../.."\n'
    ),
    "pdm": (
        '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
        '[tool.pdm.version]\nsource = "scm"\n'
    ),
}


def make_dynamic(scene: Scene, member: str, backend: str) -> None:
    """Give a member a version that is a tag."""
    head = f'[project]\nname = "{member}"\ndynamic = ["version"]\nrequires-python = ">=3.11"\n'
    scene.write(f"packages/{member}/pyproject.toml", head + BACKENDS[backend])


@pytest.mark.parametrize(  # the other one is below
    "backend", ["setuptools-scm", pytest.param("pdm", marks=pytest.mark.slow)]
)
def test_beside_a_member_with_a_version_of_its_own(
    make_scene: Callable[..., Scene], backend: str
) -> None:
    scene = make_scene({"workstack-app": (), "workstack-kit": ()})
    make_dynamic(scene, "workstack-kit", backend)
    (scene.clone / "uv.lock").unlink()
    scene.commit("The tag is the version")
    scene.git("push", "-q")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert [name for name in scene.served() if "kit" in name] == [
        "workstack_kit-0.1.11-py3-none-any.whl",
        "workstack_kit-0.1.11.tar.gz",
    ]
    assert scene.run("verify", "v0.1.11").returncode == 0


def test_where_no_member_has_a_version_of_its_own(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"workstack-app": (), "workstack-kit": ()})
    make_dynamic(scene, "workstack-kit", "hatch-vcs")
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    before, _, after = root.partition("[tool.uv.workspace]")
    del before
    scene.write("pyproject.toml", f"[tool.uv.workspace]{after}")
    (scene.clone / "uv.lock").unlink()
    scene.commit("The tag is the version")
    scene.git("push", "-q")
    done = scene.run("plan")
    assert done.returncode == 1, done.stderr
    assert "give the first version with `--version`" in done.stderr
    done = scene.run("publish", "--yes", "--version", "1.0")
    assert done.returncode == 0, done.stderr
    head = scene.git("rev-parse", "HEAD")
    assert scene.git("rev-parse", "v1.0^{commit}") == head
    scene.write("NEWS.md", "news\n")
    scene.commit("News")
    done = scene.run("publish", "--yes", "--bump", "minor")
    assert done.returncode == 0, done.stderr
    assert [name for name in scene.served() if name.endswith(".gz")] == [
        "workstack_kit-1.0.tar.gz",
        "workstack_kit-1.1.tar.gz",
    ]
    assert "refs/tags/v1.1" in scene.refs()


def test_a_member_with_tags_of_its_own_is_released_and_pinned_by_its_own_version(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene({"workstack-app": ("workstack-kit",), "workstack-kit": ()})
    make_dynamic(scene, "workstack-kit", "hatch-vcs")
    kit = (scene.clone / "packages/workstack-kit/pyproject.toml").read_text(encoding="utf-8")
    own = "tag-pattern = '^kit-v(?P<version>.+)$'\nraw-options = { git_describe_command = '"
    command = "git describe --dirty --tags --long --match kit-v*', "
    scene.write(
        "packages/workstack-kit/pyproject.toml", kit.replace("raw-options = { ", own + command)
    )
    (scene.clone / "uv.lock").unlink()
    scene.commit("The tag is the version")
    scene.git("tag", "kit-v0.1.10")
    scene.git("push", "-q", "--tags", "origin", "main")
    done = scene.run("publish", "--yes", "--group", "workstack-kit")
    assert done.returncode == 0, done.stderr
    assert "refs/tags/kit-v0.1.11" in scene.refs()
    assert [name for name in scene.served() if "0.1.11" in name] == [
        "workstack_kit-0.1.11-py3-none-any.whl",
        "workstack_kit-0.1.11.tar.gz",
    ]
    assert "workstack-kit==0.1.11" in scene.git("show", "main:pyproject.toml")
    done = scene.run("check")
    assert done.stderr == "2 packages: default at 0.1.10, workstack-kit at 0.1.11\n"
