"""The port ``Staging``: stages, and what is promoted from them, in memory and for real."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zipfile import ZipFile

import pytest
from tests.contracts.test_index import sdist
from tests.fakes.devpi import PASSWORD, USER
from tests.fakes.world import FakeIndex

from release_sync.effects.devpi.staging import DevpiStaging
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem, Refused, Taken
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.devpi import Devpi

    from release_sync.steps.ports.index import Index
    from release_sync.steps.ports.staging import Staging

pytestmark = pytest.mark.xdist_group("devpi")

SEAL, OTHER = "1" * 40, "2" * 40


class Server(Protocol):
    """A server with an index that is released to, and files for it."""

    index: Index
    staging: Staging

    def make(self, name: str) -> tuple[Path, Artifact]:
        """Make an sdist of version 1 of a package."""
        ...

    def make_wheel(self, name: str, *requires: str) -> Path:
        """Make a wheel of version 1 of a package."""
        ...


class InMemory:
    """The fake."""

    def __init__(self) -> None:
        """Have nothing yet."""
        fake = FakeIndex()
        self.index: Index = fake
        self.staging: Staging = fake.staging

    def make(self, name: str) -> tuple[Path, Artifact]:
        """Make up a hash."""
        filename, digest = f"{name}-1.tar.gz", name[0] * 64
        return Path(digest, filename), Artifact(name, filename, 1, digest)

    def make_wheel(self, name: str, *requires: str) -> Path:
        """Make up a hash."""
        del requires
        return Path(name[0] * 64, f"{name}-1-py3-none-any.whl")


class Real:
    """An index of a devpi-server, and uv."""

    def __init__(self, devpi: Devpi, folder: Path) -> None:
        """Have nothing yet."""
        self.folder = folder
        (folder / "pyproject.toml").touch()
        address = devpi.make_index().address
        self.uv = Uv()
        self.uv.environ.update({"UV_PUBLISH_USERNAME": USER, "UV_PUBLISH_PASSWORD": PASSWORD})
        self.uv.environ["UV_EXCLUDE_NEWER"] = "2020-01-01"
        self.index: Index = PackageIndex(address, self.uv, folder)
        self.real = DevpiStaging(address, self.uv, folder)
        self.staging: Staging = self.real

    def make(self, name: str) -> tuple[Path, Artifact]:
        """Make a tar with the metadata alone."""
        return sdist(self.folder, name)

    def make_wheel(self, name: str, *requires: str) -> Path:
        """Make a zip with the metadata alone."""
        file, inside = self.folder / f"{name}-1-py3-none-any.whl", f"{name}-1.dist-info"
        lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1"]
        lines += [f"Requires-Dist: {one}" for one in requires]
        with ZipFile(file, "w") as archive:
            archive.writestr(f"{inside}/METADATA", "\n".join([*lines, ""]))
            archive.writestr(f"{inside}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            archive.writestr(f"{inside}/RECORD", "")
        return file


@pytest.fixture(params=["in memory", "real"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    if request.param == "in memory":
        yield InMemory()
        return
    real = Real(request.getfixturevalue("devpi"), tmp_path)
    yield real
    for seal in (SEAL, OTHER):
        real.staging.delete(seal)


def test_a_stage_takes_files_and_the_index_shows_them_once_they_are_promoted(
    server: Server,
) -> None:
    staging, index = server.staging, server.index
    (low, seen), (top, other) = server.make("low"), server.make("top")
    assert staging.look_up(SEAL, seen) is Observed.ABSENT
    with pytest.raises(Problem):
        staging.upload(SEAL, [low])
    staging.make(SEAL)
    staging.make(SEAL)
    staging.upload(SEAL, [low, top])
    assert staging.look_up(SEAL, seen) is Observed.EXACT
    assert staging.look_up(SEAL, replace(seen, sha256="0" * 64)) is Observed.FOREIGN
    assert staging.look_up(OTHER, seen) is Observed.ABSENT
    assert index.look_up(seen) is Observed.ABSENT
    staging.promote(SEAL, "low", "1")
    assert index.look_up(seen) is Observed.EXACT
    assert index.look_up(other) is Observed.ABSENT
    with pytest.raises(Taken):
        staging.promote(SEAL, "low", "1")
    for stage, version in ((SEAL, "2"), (OTHER, "1")):
        with pytest.raises(Refused) as refused:
            staging.promote(stage, "top", version)
        assert not isinstance(refused.value, Taken)
    assert staging.delete(SEAL)
    assert not staging.delete(SEAL)
    assert index.look_up(seen) is Observed.EXACT
    assert staging.look_up(SEAL, other) is Observed.ABSENT


def test_what_a_stage_has_installs_however_new_it_is(server: Server) -> None:
    server.staging.make(SEAL)
    wheels = [server.make_wheel("low"), server.make_wheel("top", "low==1")]
    server.staging.upload(SEAL, wheels)
    server.staging.install(SEAL, [("low", "1"), ("top", "1")])


@pytest.mark.parametrize("builds", [True, False])
def test_what_the_stage_has_no_wheel_of_does_not_install(server: Server, *, builds: bool) -> None:
    low, _ = server.make("low")
    server.staging.make(SEAL)
    server.staging.upload(SEAL, [low])
    with pytest.raises(Problem) as problem:
        server.staging.install(SEAL, [("low", "1")], builds=builds)
    assert "--" not in problem.value.sentence


def test_only_who_builds_takes_what_has_no_wheel_elsewhere(devpi: Devpi, tmp_path: Path) -> None:
    """The sdist of what is needed is broken, which only who would build it comes to see."""
    real = Real(devpi, tmp_path)
    del real.uv.environ["UV_EXCLUDE_NEWER"]
    real.index.upload([real.make("needed")[0]])
    real.staging.make(SEAL)
    real.staging.upload(SEAL, [real.make_wheel("low", "needed")])
    words = {}
    for builds in (True, False):
        with pytest.raises(Problem) as problem:
            real.staging.install(SEAL, [("low", "1")], builds=builds)
        words[builds] = problem.value.message
    assert "needed==1 has no usable wheels" in words[False]
    assert "has no usable wheels" not in words[True]
    real.staging.delete(SEAL)
