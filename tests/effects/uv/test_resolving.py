"""What uv would install from an index: never built, and nothing of ours from elsewhere."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.published_history import publish

from release_sync.effects.index.address import Address
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.rehearsal.index_server import embedded_index
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.program import find_uv
from release_sync.errors import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

BOTH = ("rsx-app", "rsx-kit")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PackageIndex]:
    """An index with releases of ``rsx-app``, which requires ``rsx-kit``."""
    folder = tmp_path_factory.mktemp("resolving")
    (folder / "pyproject.toml").touch()
    (folder / "packages").mkdir()
    for version, needs in (
        ("1.0", ["rsx_kit == 1.0"]),
        ("2.0rc1", ["rsx-kit==2.0rc1"]),
        ("2.0", ["rsx-kit"]),
        ("4.0", ["rsx-kit==4.0", "rsx-nowhere"]),
    ):
        publish(folder / "packages", f"rsx_app-{version}-py3-none-any.whl", needs)
        publish(folder / "packages", f"rsx_kit-{version}-py3-none-any.whl")
    publish(folder / "packages", "rsx_kit-3.0-py3-none-any.whl")
    with embedded_index(folder / "packages") as address:
        uv = Uv()
        uv.environ["UV_DEFAULT_INDEX"] = address.simple  # nobody else is asked
        found = PackageIndex(address, uv, folder)
        yield found
        found.download.session.close()


def taken(index: PackageIndex, version: str, *, alone: bool = False) -> dict[str, str]:
    new = dict.fromkeys(BOTH, version)
    return index.resolve(new if alone else {BOTH[0]: version}, new, alone=alone)


def test_what_an_installer_takes_is_told_by_normalised_names(index: PackageIndex) -> None:
    assert taken(index, "1.0") == dict.fromkeys(BOTH, "1.0")


def test_a_pre_release_brings_its_pre_release(index: PackageIndex) -> None:
    assert taken(index, "2.0rc1") == dict.fromkeys(BOTH, "2.0rc1")


def test_a_sibling_of_another_release_is_seen(index: PackageIndex) -> None:
    assert taken(index, "2.0") == {"rsx-app": "2.0", "rsx-kit": "4.0"}


def test_what_others_lack_is_no_matter_of_the_members_alone(index: PackageIndex) -> None:
    with pytest.raises(Refused, match="rsx-nowhere was not found"):
        taken(index, "4.0")
    assert taken(index, "4.0", alone=True) == dict.fromkeys(BOTH, "4.0")
    with pytest.raises(Refused, match=r"there is no version of rsx-app==3\.0"):
        taken(index, "3.0", alone=True)


def test_what_was_uploaded_since_is_seen_and_no_cache_answers(index: PackageIndex) -> None:
    packages = index.folder / "packages"
    with pytest.raises(Refused):
        taken(index, "0.5")
    for name in ("rsx_app", "rsx_kit"):
        publish(packages, f"{name}-0.5-py3-none-any.whl")
    assert taken(index, "0.5", alone=True) == dict.fromkeys(BOTH, "0.5")


def test_the_command_does_the_same(index: PackageIndex) -> None:
    line = index.resolving({BOTH[0]: "1.0"})
    assert index.uv is not None
    environ = {**index.uv.environ, "PATH": f"{Path(find_uv()).parent}:/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-c", line], cwd=index.folder, env=environ, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "rsx-kit==1.0" in done.stdout


def test_no_command_shows_a_password_or_an_index_that_needs_no_name() -> None:
    secret = Address("scene", "https://nia:secret@index.invalid/simple/", "https://up.invalid/")
    line = PackageIndex(secret, None, Path()).resolving({"kit": "1"})
    assert "--index https://index.invalid/simple/" in line
    assert "secret" not in line
    pypi = PackageIndex(Address("pypi", "", ""), None, Path())
    assert "--index" not in pypi.resolving({"kit": "1"})


def test_a_program_that_can_not_be_asked_says_nothing_about_the_index(tmp_path: Path) -> None:
    with pytest.raises(Problem) as problem:
        PackageIndex(Address("s", "http://127.0.0.1:9/simple/", "x"), Uv(), tmp_path).resolve(
            {"kit": "1"}, {"kit": "1"}
        )
    assert not isinstance(problem.value, Refused)
    assert "not a git repository" in problem.value.message


def test_its_folder_is_made_where_it_is_said_and_gone_afterwards(
    index: PackageIndex, tmp_path: Path
) -> None:
    made: list[Path] = []

    @contextmanager
    def aside() -> Iterator[Path]:
        made.append(tmp_path / "aside")
        made[0].mkdir()
        yield made[0]
        assert {one.name for one in made[0].iterdir()} >= {"wanted.txt", "found.txt"}

    with_place = PackageIndex(index.address, index.uv, index.folder, aside)
    assert taken(with_place, "1.0") == dict.fromkeys(BOTH, "1.0")
    assert made
    with_place.download.session.close()
