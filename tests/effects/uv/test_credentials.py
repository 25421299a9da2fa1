"""Whose credentials uv would upload with, wherever it has them from; never what they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.index.address import Address
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.credentials import credentials_problem, login

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECRET = "not-for-anybody"
NIA = {"UV_PUBLISH_USERNAME": "nia"}
URL = "https://upload.invalid/legacy/"
WITH_USER = "https://nia@upload.invalid/legacy/"
STORED = f"""\
[[credential]]
service = "https://upload.invalid/legacy/"
username = "nia"
scheme = "basic"
password = "{SECRET}"
"""
PYPIRC = f"[company]\nrepository = {URL}\nusername = nia\npassword = {SECRET}\n"
LOGINS = {
    "a token": (URL, {"UV_PUBLISH_TOKEN": SECRET}, "the token", "UV_PUBLISH_TOKEN is a token of"),
    "a user and a password": (
        URL, {**NIA, "UV_PUBLISH_PASSWORD": SECRET}, "user nia", "UV_PUBLISH_USERNAME and UV_P",
    ),
    "a token as a password": (
        URL,
        {"UV_PUBLISH_USERNAME": "__token__", "UV_PUBLISH_PASSWORD": SECRET},
        "the token",
        "UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD",
    ),
    "a password beside the address": (
        WITH_USER, {"UV_PUBLISH_PASSWORD": SECRET}, "user nia", "the user in the publish-url and",
    ),
    "the address": (
        f"https://nia:{SECRET}@upload.invalid/legacy/", {}, "user nia", "in the publish-url",
    ),
    "the address, encoded": (
        f"https://nia%40a:{SECRET}@upload.invalid/legacy/", {}, "user nia@a", "in the publish-url",
    ),
    "a keyring": (URL, {**NIA, "UV_KEYRING_PROVIDER": "subprocess"}, "user nia", "the keyring has"),
    "a trusted publisher": (URL, {"PYPI_ID_TOKEN": SECRET}, "this job", "as a trusted publisher"),
}  # fmt: skip


def found(folder: Path, url: str, **environ: str) -> tuple[str, str] | None:
    """Return whose login it is, and the hint, as it is found in a home and an environment."""
    variables = {**Uv().environ, "HOME": str(folder), "UV_CREDENTIALS_DIR": str(folder), **environ}
    address = Address("company", "https://read.invalid/simple/", url)
    uv = Uv(variables)
    one = login(address, {}, variables, uv)
    assert (credentials_problem(address, {}, variables, uv) is None) == (one is not None)
    assert one is None or SECRET not in repr(one)
    return None if one is None else (one.who, one.hint)


@pytest.mark.parametrize("name", LOGINS)
def test_who_it_is_and_where_that_is_said(name: str, tmp_path: Path) -> None:
    url, environ, who, place = LOGINS[name]
    one = found(tmp_path, url, **environ)
    assert one is not None
    assert one[0] == who
    assert place in one[1]
    assert SECRET not in "".join(one)


def test_who_it_is_in_a_file(tmp_path: Path) -> None:
    assert found(tmp_path, URL) is None
    (tmp_path / "credentials.toml").write_text(STORED, encoding="utf-8")
    assert found(tmp_path, URL) == ("user nia", "run `uv auth login` again")
    entry = f"machine upload.invalid login nora password {SECRET}\n"
    (tmp_path / ".netrc").write_text(entry, encoding="utf-8")
    assert found(tmp_path, URL) == ("user nora", "see that ~/.netrc has the right password")
    (tmp_path / ".pypirc").write_text(PYPIRC, encoding="utf-8")
    assert found(tmp_path, URL) == ("user nora", "see that ~/.netrc has the right password")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(entry.replace("nora", "nia"), encoding="utf-8")
    one = found(tmp_path, URL, NETRC=str(elsewhere))
    assert one == ("user nia", f"see that {elsewhere} has the right password")


def test_a_netrc_that_can_not_be_read_has_nobody(tmp_path: Path) -> None:
    entry = f"machine upload.invalid login nia password {SECRET}"
    (tmp_path / ".netrc").write_bytes(entry.encode() + b"\xe9\n")
    assert found(tmp_path, URL) is None
    (tmp_path / ".netrc").unlink()
    os.mkfifo(tmp_path / ".netrc")
    assert found(tmp_path, URL) is None


def told(folder: Path, url: str, **environ: str) -> Mapping[str, str] | None:
    """Return what uv is told of a login, which it would not find."""
    (folder / ".pypirc").write_text(PYPIRC, encoding="utf-8")
    variables = {**Uv().environ, "HOME": str(folder), "UV_CREDENTIALS_DIR": str(folder), **environ}
    one = login(
        Address("company", "https://read.invalid/simple/", url), {}, variables, Uv(variables)
    )
    return None if one is None else one.told


def test_uv_is_told_what_stands_in_a_file_that_it_does_not_read(tmp_path: Path) -> None:
    both = {"UV_PUBLISH_USERNAME": "nia", "UV_PUBLISH_PASSWORD": SECRET}
    assert told(tmp_path, URL) == both
    assert told(tmp_path, URL, **NIA) == both
    assert told(tmp_path, WITH_USER) == {"UV_PUBLISH_PASSWORD": SECRET}
    assert told(tmp_path, URL, UV_PUBLISH_USERNAME="nora") is None
    assert told(tmp_path, URL, UV_PUBLISH_TOKEN=SECRET) == {}
    assert found(tmp_path, URL) == ("user nia", "see that ~/.pypirc has the right password")
    (tmp_path / ".netrc").write_text(f"machine upload.invalid login nia password {SECRET}\n")
    assert told(tmp_path, URL) == {}


def test_a_file_that_can_not_be_parsed_is_a_reason_only_where_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / ".pypirc").write_text(f"password = {SECRET}\n", encoding="utf-8")
    address = Address("company", "https://read.invalid/simple/", URL)
    environ = {**Uv().environ, "HOME": str(tmp_path), "UV_CREDENTIALS_DIR": str(tmp_path)}
    problem = credentials_problem(address, {}, environ, Uv(environ))
    assert problem is not None
    assert problem.message == f"{tmp_path / '.pypirc'}:1: a line that is in no section"
    environ["UV_PUBLISH_TOKEN"] = SECRET
    assert credentials_problem(address, {}, environ, Uv(environ)) is None


def test_more_than_uv_takes_is_refused_before_anything(tmp_path: Path) -> None:
    address = Address("company", "", URL)
    environ = {"UV_PUBLISH_TOKEN": SECRET, **NIA}
    problem = credentials_problem(address, {}, environ, Uv(environ))
    assert problem is not None
    assert problem.message.startswith("UV_PUBLISH_TOKEN is set together with UV_PUBLISH_USERNAME:")
    empty = {"UV_PUBLISH_TOKEN": SECRET, "UV_PUBLISH_USERNAME": "", "HOME": str(tmp_path)}
    assert credentials_problem(address, {}, empty, Uv(empty)) is None
