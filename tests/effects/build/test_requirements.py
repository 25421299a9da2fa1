"""Build requirements are resolved once; who builds again is held to what was sealed."""

from __future__ import annotations

import json
import os
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import git
import pytest
from tests.fakes.oven import BUILD, bake, put

from release_sync.effects.build.artifact_store import sha256
from release_sync.effects.build.artifacts import build
from release_sync.effects.build.environment import Surroundings
from release_sync.effects.build.project import Sources, project_of
from release_sync.effects.build.requirements import Unobtainable
from release_sync.effects.build.requirements import parsed as requirements
from release_sync.effects.git.source_tree import export, objects_of
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem
from release_sync.seals.built_with import BuildRequirement, BuiltWith, differences
from release_sync.toml.manifest import MANIFEST, parsed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROJECT = f'[project]\nname = "one-two"\nversion = "1.0"\nrequires-python = ">=3.11"\n\n{BUILD}'


class Bakery(NamedTuple):
    """A project that is built with what lies in a folder of wheels, and with nothing else."""

    folder: Path

    @property
    def wheels(self) -> Path:
        return self.folder / "wheels"

    def configure(self, setting: str) -> None:
        """Commit a setting of uv."""
        manifest = self.folder / "project/pyproject.toml"
        manifest.write_text(f"{manifest.read_text()}\n[tool.uv]\n{setting}\n")
        git.Repo(self.folder / "project").git.commit("-qam", "Configure uv")

    def build(self, sealed: Sequence[BuiltWith] = ()) -> tuple[Path, tuple[BuiltWith, ...]]:
        """Build it once more, in a folder of its own; return its wheel."""
        out = self.folder / f"out-{len(list(self.folder.glob('out-*')))}"
        repo = git.Repo(self.folder / "project")
        objects = str(objects_of(repo))
        export(repo, "HEAD", out / "tree", objects, 1_700_000_000)
        manifest = parsed(MANIFEST, (out / "tree" / MANIFEST).read_bytes())
        project = project_of("one-two", "", manifest, {})
        environ = {**os.environ, "UV_FIND_LINKS": str(self.wheels), "UV_NO_INDEX": "1"}
        uv = Uv(environ)
        sources = Sources(out / "build", out / "tree", out / "tree", 1_700_000_000)
        surroundings = Surroundings((), objects)
        versions = {"one-two": "1.0"}
        built, environments = build(uv, sources, versions, surroundings, [project], sealed)
        return built[0].files[1], environments


@pytest.fixture
def bakery(tmp_path: Path) -> Bakery:
    made = Bakery(tmp_path)
    made.wheels.mkdir()
    repo = git.Repo.init(tmp_path / "project")
    package = tmp_path / "project/src/one_two"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""A test."""\n')
    (tmp_path / "project/pyproject.toml").write_text(PROJECT)
    repo.git.add("-A")
    repo.git.commit("-qm", "Begin")
    bake(made.wheels, "1.0")
    return made


def generator(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read("one_two-1.0.dist-info/WHEEL").decode().split("\n")[1]


def test_what_is_built_again_is_built_with_what_was_sealed(bakery: Bakery) -> None:
    first, (sealed,) = bakery.build()
    (oven,) = sealed.requirements
    wheel = bakery.wheels / "scene_oven-1.0-py3-none-any.whl"
    assert oven == BuildRequirement("scene-oven", "1.0", (f"sha256:{sha256(wheel)}",))
    assert sealed.python.startswith(("cpython 3.", "pypy 3."))
    bake(bakery.wheels, "1.1")
    again, (same,) = bakery.build([sealed])
    assert generator(again) == generator(first) == "Generator: scene-oven 1.0"
    assert sha256(again) == sha256(first)
    assert same == sealed
    anew, (newer,) = bakery.build()
    assert generator(anew) == "Generator: scene-oven 1.1"
    assert differences([sealed], [newer]) == ("scene-oven 1.0 → 1.1",)


def test_a_file_that_was_exchanged_is_not_installed(bakery: Bakery) -> None:
    _, sealed = bakery.build()
    bake(bakery.wheels, "1.0").write_bytes(bake(bakery.wheels, "1.0").read_bytes() + b"\0")
    with pytest.raises(Unobtainable, match=r"(?i)hash"):
        bakery.build(sealed)


def test_a_version_that_is_gone_is_missed(bakery: Bakery) -> None:
    _, sealed = bakery.build()
    bake(bakery.wheels, "1.0").unlink()
    bake(bakery.wheels, "1.1")
    with pytest.raises(Unobtainable, match=r"scene-oven==1\.0"):
        bakery.build(sealed)


def test_a_seal_brings_nothing_into_a_build(bakery: Bakery) -> None:
    """A name that nothing asks for is refused, and what asks for it decides where it is from."""
    _, (sealed,) = bakery.build()
    put(bakery.wheels, "stranger", "1.0", {"stranger.py": "raise SystemExit('strange')\n"})
    stranger = BuildRequirement("stranger", "1.0", ())
    forged = sealed._replace(requirements=(*sealed.requirements, stranger))
    with pytest.raises(Unobtainable, match="stranger, which nothing asks for here"):
        bakery.build([forged])


def test_an_environment_that_was_not_sealed_is_held_to_the_versions_that_were(
    bakery: Bakery,
) -> None:
    _, (sealed,) = bakery.build()
    bake(bakery.wheels, "1.1")
    again, (other,) = bakery.build([sealed._replace(key="0123456789ab")])
    assert generator(again) == "Generator: scene-oven 1.0"
    assert other.key == sealed.key


def test_uvs_constraints_of_builds_hold(bakery: Bakery) -> None:
    bake(bakery.wheels, "1.1")
    bakery.configure('build-constraint-dependencies = ["scene-oven<1.1"]')
    wheel, _ = bakery.build()
    assert generator(wheel) == "Generator: scene-oven 1.0"


@pytest.mark.parametrize(
    "text", ["hatchling=1.27", "-r /etc/passwd", "--index-url=x", "./here", "x @ https://h/${HOME}"]
)
def test_what_is_no_requirement_is_refused_by_the_name_of_its_member(text: str) -> None:
    with pytest.raises(Problem) as caught:
        requirements([text], "one-two")
    assert caught.value.message.startswith("one-two can't be built")
    assert json.dumps(text).strip('"') in caught.value.message


def test_environments_differ_in_words() -> None:
    one = BuiltWith("a" * 12, "cpython 3.11.7", "linux-x86_64", (BuildRequirement("x", "1", ()),))
    other = one._replace(python="cpython 3.12.1", requirements=())
    assert differences([one], [other]) == ("cpython 3.11.7 → cpython 3.12.1", "x 1 → none")
    assert differences([one], []) == ("other build requirements",)
    assert differences([one], [one]) == ()
