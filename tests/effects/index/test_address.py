"""Where a release goes: uv's own settings, in uv's own order, and a name that a seal can keep."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from release_sync.effects.index.address import Address, resolve, sealed_for
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.credentials import credentials_problem
from release_sync.effects.uv.settings import settings
from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

OURS = 'index = [{ name = "ours", url = "http://ours/simple/", publish-url = "http://ours/" }]\n'


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def found(folder: Path, name: str, manifest: str = "", **environ: str) -> Address:
    """Resolve an index in a workspace in a folder, whose user has ``home``."""
    known = {"HOME": str(folder / "home"), "XDG_CONFIG_DIRS": str(folder / "system"), **environ}
    own = tomllib.loads(manifest).get("tool", {}).get("uv", {})
    return resolve(name, settings(own, folder, known), known)


def test_an_index_of_the_manifest(tmp_path: Path) -> None:
    address = found(tmp_path, "ours", f"[tool.uv]\n{OURS}")
    assert (address.name, address.upload) == ("ours", "http://ours/")


@pytest.mark.parametrize("place", ["uv.toml", "home/.config/uv/uv.toml", "system/uv/uv.toml"])
def test_an_index_of_uvs_own_files(tmp_path: Path, place: str) -> None:
    write(tmp_path / place, OURS)
    assert found(tmp_path, "ours").upload == "http://ours/"


def test_a_file_beside_the_manifest_stands_in_its_place(tmp_path: Path) -> None:
    write(tmp_path / "uv.toml", 'publish-url = "http://b/"\ncheck-url = "http://b/simple/"\n')
    with pytest.raises(Unreadable, match="no index 'ours'"):
        found(tmp_path, "ours", f"[tool.uv]\n{OURS}")
    address = found(tmp_path, "pypi")
    assert (address.name, address.simple, address.upload) == ("b", "http://b/simple/", "http://b/")


def test_an_address_without_a_name_goes_by_its_host(tmp_path: Path) -> None:
    environ = {
        "UV_PUBLISH_URL": "http://user:secret@a:81/legacy/",
        "UV_PUBLISH_CHECK_URL": "http://a:81/simple/",
    }
    address = found(tmp_path, "pypi", **environ)
    assert address.name == "a:81"
    assert found(tmp_path, "a:81", **environ) == address
    with pytest.raises(Unreadable, match="no index 'a:81'"):
        found(tmp_path, "a:81")
    with pytest.raises(Unreadable, match="uploads would go to a:81, and where to read it is not"):
        found(tmp_path, "pypi", UV_PUBLISH_URL=environ["UV_PUBLISH_URL"])


def test_an_index_that_a_release_was_sealed_for_is_to_be_as_it_was() -> None:
    ours = {"index": [{"name": "ours", "url": "http://a/simple/", "publish-url": "http://a/"}]}
    assert sealed_for("ours", ours, {}).upload == "http://a/"
    with pytest.raises(Unreadable, match="sealed for theirs, and there is no index") as raised:
        sealed_for("theirs", ours, {})
    assert (
        raised.value.hint
        == "configure theirs (or UV_PUBLISH_URL) as it was then, and run the same again"
    )
    moved = {"publish-url": "http://b/", "check-url": "http://b/simple/"}
    with pytest.raises(Unreadable, match="sealed for pypi, and uploads would go to b"):
        sealed_for("pypi", moved, {})


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    write(tmp_path / "uv.toml", "index = [\n")
    with pytest.raises(Unreadable, match=r"uv\.toml"):
        found(tmp_path, "pypi")


def test_what_is_no_index_is_left_out(tmp_path: Path) -> None:
    assert found(tmp_path, "pypi", '[tool.uv]\nindex = ["x"]\n') == Address("pypi", "", "")


@pytest.mark.parametrize(
    ("upload", "machine", "there"),
    [
        ("http://ours/", "ours", True),
        ("http://ours/", "theirs", False),
        ("", "upload.{read}", True),
        ("", "{read}", False),
        ("", "upload.not-{read}", False),
        ("", "test.{read}", False),
    ],
)
def test_a_netrc_counts_by_the_host_that_uploads_go_to(
    tmp_path: Path, upload: str, machine: str, *, there: bool
) -> None:
    address = Address("ours", upload, upload)
    read = address.read.split("/")[2]
    write(tmp_path / ".netrc", f"machine {machine.format(read=read)} login a password b\n")
    environ = {"HOME": str(tmp_path)}
    uv = Uv({**Uv().environ, **environ})
    assert (credentials_problem(address, {}, environ, uv) is None) == there


def test_pypis_index_for_tests_needs_no_configuration(tmp_path: Path) -> None:
    pypi, tests = found(tmp_path, "pypi"), found(tmp_path, "testpypi")
    host = urlsplit(pypi.read).hostname
    assert (tests.name, tests.simple) == ("testpypi", f"https://test.{host}/simple/")
    assert tests.upload == tests.uploads_to == f"https://test.{host}/legacy/"
    assert (pypi.upload, pypi.uploads_to) == ("", f"https://upload.{host}/legacy/")
    assert sealed_for("testpypi", {}, {}) == tests
    elsewhere = {"UV_PUBLISH_URL": "http://a/", "UV_PUBLISH_CHECK_URL": "http://a/simple/"}
    assert found(tmp_path, "testpypi", **elsewhere) == tests
    own = OURS.replace('"ours"', '"testpypi"')
    assert found(tmp_path, "testpypi", f"[tool.uv]\n{own}").upload == "http://ours/"


def test_what_is_required_of_others_is_not_looked_for_on_an_index_for_tests(tmp_path: Path) -> None:
    tests = found(tmp_path, "testpypi")
    assert (tests.is_pypi, tests.is_for_tests, tests.others) == (True, True, "")
    assert tests.as_uv_index == f"testpypi={tests.simple}"
    pypi, ours = found(tmp_path, "pypi"), found(tmp_path, "ours", f"[tool.uv]\n{OURS}")
    assert (pypi.is_pypi, pypi.is_for_tests, pypi.others) == (True, False, "")
    assert (ours.is_pypi, ours.is_for_tests, ours.others) == (False, False, ours.as_uv_index)
    named = Address("mine", tests.simple, tests.upload)
    assert (named.is_for_tests, named.others) == (True, "")
