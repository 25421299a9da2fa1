"""The login for devpi's API is the one that uv uploads with, wherever that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.effects.devpi.login import devpi_login
from release_sync.effects.index.address import Address
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.credentials import login

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "not-for-anybody"
NIA = {"UV_PUBLISH_USERNAME": "nia"}
URL = "https://devpi.invalid/acme/stable/"
STORED = f"""\
[[credential]]
service = "{URL}"
username = "nia"
scheme = "basic"
password = "{SECRET}"
"""
KEYRING = f'#!/bin/sh\n[ "$1 $2 $3" = "get devpi.invalid nia" ] && echo {SECRET}\n'
FOUND = ("nia", SECRET)


def found(folder: Path, url: str = URL, **environ: str) -> tuple[str, str] | None:
    known = Uv().environ
    variables = {**known, "HOME": str(folder), "UV_CREDENTIALS_DIR": str(folder), **environ}
    uv = Uv(variables)
    one = login(Address("devpi", f"{url}+simple/", url), {}, variables, uv)
    return None if one is None else devpi_login(one, url, uv)


@pytest.mark.parametrize(
    ("url", "environ", "expected"),
    [
        (URL, {"UV_PUBLISH_TOKEN": SECRET}, ("__token__", SECRET)),
        (URL, {**NIA, "UV_PUBLISH_PASSWORD": SECRET}, FOUND),
        (URL.replace("//", "//nia@"), {"UV_PUBLISH_PASSWORD": SECRET}, FOUND),
        (URL.replace("//", f"//nia:{SECRET}@"), {}, FOUND),
        (URL.replace("//", "//n%40ia:a%3Ab@"), {}, ("n@ia", "a:b")),
        (URL, NIA, None),
        (URL, {}, None),
    ],
)
def test_what_the_environment_or_the_address_says(
    url: str, environ: dict[str, str], expected: tuple[str, str] | None, tmp_path: Path
) -> None:
    assert found(tmp_path, url, **environ) == expected


@pytest.mark.parametrize("user", ["", "nia", "tom"])
def test_a_netrc_file_and_the_store_of_uv_have_it_for_the_host(user: str, tmp_path: Path) -> None:
    told = {"UV_PUBLISH_USERNAME": user} if user else {}
    (tmp_path / "credentials.toml").write_text(STORED)
    assert found(tmp_path, **told) == (None if user == "tom" else FOUND)
    (tmp_path / "credentials.toml").write_text(STORED.replace("devpi.invalid", "other.invalid"))
    assert found(tmp_path, **told) is None
    (tmp_path / ".netrc").write_text(f"machine devpi.invalid login nia password {SECRET}\n")
    assert found(tmp_path, **told) == FOUND
    (tmp_path / ".netrc").write_text("machine\n")
    assert found(tmp_path, **told) is None


def test_a_keyring_is_asked_where_uv_would_ask_it(tmp_path: Path) -> None:
    program = tmp_path / "keyring"
    program.write_text(KEYRING)
    program.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{Uv().environ['PATH']}", **NIA}
    assert found(tmp_path, **path) is None
    assert found(tmp_path, **path, UV_KEYRING_PROVIDER="subprocess") == FOUND
    program.write_text("#!/bin/sh\nexit 1\n")
    assert found(tmp_path, **path, UV_KEYRING_PROVIDER="subprocess") is None


def test_pypirc_counts_as_for_any_upload(tmp_path: Path) -> None:
    text = f"[distutils]\nindex-servers = mine\n[mine]\nrepository = {URL}\nusername = nia\n"
    (tmp_path / ".pypirc").write_text(f"{text}password = {SECRET}\n")
    assert found(tmp_path) == FOUND
