"""Anyone can build a release again, and see that the index serves what was built from git."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD, Scene, shared_scene
from tests.fakes import oven

from release_sync.effects.index.address import Address
from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[2]
KIT = "workstack_kit-0.1.11-py3-none-any.whl"
KIT_SDIST = "workstack_kit-0.1.11.tar.gz"
EVERY = ("app", "kit")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Publish v0.1.11, built by a backend of which there can be a newer one."""
    with shared_scene(tmp_path_factory) as scene:
        wheels = scene.folder / "wheels"
        wheels.mkdir()
        oven.bake(wheels, "1.0")
        scene.environ["UV_FIND_LINKS"] = str(wheels)
        for path in ("pyproject.toml", "packages/workstack-kit/pyproject.toml"):
            text = (scene.clone / path).read_text(encoding="utf-8")
            scene.write(path, text.replace(BUILD, oven.BUILD))
        scene.commit("Build with an oven")
        done = scene.run("publish", "--yes")
        assert done.returncode == 0, done.stderr
        yield scene


@pytest.fixture
def other(released: Scene, request: pytest.FixtureRequest) -> Path:
    """Return another clone."""
    return released.another_clone(request.node.name)


@pytest.fixture
def served(released: Scene) -> Iterator[Path]:
    """Return the folder of the index; what a test does to it is undone."""
    kept = released.folder / "kept"
    shutil.copytree(released.packages, kept)
    yield released.packages
    for file in kept.iterdir():
        shutil.copy(file, released.packages)
    shutil.rmtree(kept)


def test_in_a_bare_clone_everything_is_built_again_bit_for_bit(released: Scene) -> None:
    """The seal is beside the tags, as `--land none` leaves it: that tag is not there."""
    remote, bare = released.folder / "beside.git", released.folder / "bare.git"
    shutil.copytree(released.remote, remote)
    oid = released.git("rev-parse", "v0.1.11", cwd=remote)
    released.git("update-ref", "refs/release-sync-sealed/v0.1.11", oid, cwd=remote)
    released.git("update-ref", "-d", "refs/tags/v0.1.11", cwd=remote)
    released.git("tag", "v0.1.9", "main", cwd=remote)
    released.git("clone", "-q", "--bare", str(remote), str(bare), cwd=released.folder)
    refs = released.refs(bare)
    assert released.run("verify", "0.1.11", cwd=bare).returncode == 0
    assert not (bare / "release-sync").exists(), "it only looks: nothing is built, or locked"
    done = released.run("verify", "0.1.11", "--rebuild", cwd=bare)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the sha256 is the sealed one; identical to what git gives") == 4
    assert "isolation: " in done.stderr
    commit = released.git("rev-parse", f"{oid}^{{commit}}", cwd=bare)[:7]
    assert done.stderr.endswith(
        "v0.1.11: all 4 files are served as they were sealed, and are what is built from"
        f" {commit}, bit for bit\n"
    )
    assert released.refs(bare) == refs
    assert [*(bare / "release-sync/scratch").iterdir()] == []
    done = released.run("verify", "v0.1.9", "--rebuild", cwd=bare)
    assert done.returncode == 1
    assert "no seal" in done.stderr
    assert "hint: only the tags of release-sync name files" in done.stderr


def test_one_byte_in_a_served_file_is_said_exactly(
    released: Scene, other: Path, served: Path
) -> None:
    with zipfile.ZipFile(served / KIT) as archive:
        files = [(one, archive.read(one)) for one in archive.infolist()]
    with zipfile.ZipFile(served / KIT, "w") as archive:
        for entry, content in files:
            archive.writestr(entry, content.replace(b"package work", b"package Work"))
    whole = (served / KIT_SDIST).read_bytes()
    (served / KIT_SDIST).write_bytes(whole + b"\0" * (len(whole) + (2 << 20)))
    (served / "workstack_app-0.1.11.tar.gz").unlink()
    done = released.run("verify", "0.1.11", "--rebuild", cwd=other)
    assert done.returncode == 1
    rows = {line.split()[1]: line for line in done.stdout.splitlines()[1:5]}
    assert rows[KIT].startswith("✗ ")
    assert rows[KIT].endswith("served under this name; git gives what is sealed")
    assert rows["workstack_app-0.1.11.tar.gz"].endswith("missing; git gives what is sealed")
    lines = [line.strip() for line in done.stdout.splitlines()[5:]]
    most = 2 * len(whole) + (1 << 20)
    assert lines == [
        f"{KIT_SDIST}: not compared: it is larger than {most} bytes",
        f"{KIT}: what is served → what git gives",
        "workstack_kit/__init__.py: 1 byte differs, at 15 of 33 (line 1)",
    ]
    assert "scene does not serve v0.1.11 as it was sealed: " in done.stderr
    assert done.stderr.count("error: ") == 1


def test_another_backend_is_named_and_what_it_makes_otherwise(released: Scene, other: Path) -> None:
    wheels = released.folder / "newer"
    wheels.mkdir()
    oven.bake(wheels, "1.1")
    newer = {"UV_FIND_LINKS": str(wheels)}
    done = released.run("verify", "v0.1.11", "--rebuild", "--json", cwd=other, environ=newer)
    assert done.returncode == 1
    *facts, told, error = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["label"] for one in facts] == ["rebuild", "note"]
    assert told["built_with"] == ["scene-oven 1.0 → 1.1"]
    assert told["notes"][0].startswith("not built with what was sealed: ")
    assert "scene-oven==1.0" in told["notes"][0]
    assert [(one["rebuilt"], one["seen"]) for one in told["files"]] == [
        ("identical", "exact"), ("differs", "exact")
    ] * 2  # fmt: skip
    assert {words for one in told["files"] for words in one["differences"]} == {
        f"workstack_{name}-0.1.11.dist-info/WHEEL: Generator: scene-oven 1.0 → scene-oven 1.1"
        for name in EVERY
    }
    assert error["message"].endswith(".whl (built with scene-oven 1.0 → 1.1)")


@pytest.mark.slow
def test_the_rehearsal_of_this_repository_is_built_again_bit_for_bit(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    rehearsed = Scene(tmp_path, Address("", "", ""), tmp_path, environ)
    rehearsed.git("clone", "-q", str(HERE), str(rehearsed.clone), cwd=tmp_path)
    rehearsed.git("switch", "-qC", "main")
    done = rehearsed.run("rehearse", "--keep")
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "temporary").glob("release-sync-rehearsal-*")
    with embedded_index(folder / "packages") as index:
        login = {"UV_PUBLISH_URL": index.upload, "UV_PUBLISH_CHECK_URL": index.simple}
        named = ("--index", index.upload.split("/")[2])
        done = rehearsed.run("verify", *named, "--rebuild", cwd=folder / "checkout", environ=login)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("identical to what git gives") == 4
