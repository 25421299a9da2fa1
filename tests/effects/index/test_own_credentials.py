"""Credentials go where they are meant for, whoever leads there."""

from __future__ import annotations

import os
from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
from requests import Request, Session
from requests.auth import _basic_auth_str
from tests.fakes.raw_index import Raw, raw_index

from release_sync.effects.index.own_credentials import OwnCredentials
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.uv.commands import Uv
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from pathlib import Path

INDEX = "https://index.invalid/simple/"
NETRC = """
machine index.invalid login me password mine
machine files.invalid login me password there
default login anybody password anything
"""
MINE, THERE, ANYBODY, GIVEN = (
    _basic_auth_str(*pair)
    for pair in (("me", "mine"), ("me", "there"), ("anybody", "anything"), ("you", "yours"))
)


def sent(own: OwnCredentials, url: str) -> str | None:
    session = Session()
    session.auth = own
    found = session.prepare_request(Request("GET", url)).headers.get("Authorization")
    return None if found is None else str(found)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / ".netrc").write_text(NETRC, encoding="utf-8")
    return {"HOME": str(tmp_path)}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (INDEX, MINE),
        ("https://index.invalid:443/f/kit.zip", MINE),
        ("https://files.invalid/f/kit.zip", THERE),
        ("http://files.invalid/f/kit.zip", None),
        ("http://index.invalid/simple/", None),
        ("https://evil.invalid/", None),
        ("https://a:b@evil.invalid/", None),
        ("https://files.invalid.evil.invalid/", None),
    ],
)
def test_an_entry_of_netrc_goes_to_its_host_alone(
    url: str, expected: str | None, environ: dict[str, str]
) -> None:
    assert sent(OwnCredentials(INDEX, "", "", environ), url) == expected


def test_the_default_of_netrc_is_for_the_index(environ: dict[str, str]) -> None:
    own = OwnCredentials("https://other.invalid/simple/", "", "", environ)
    assert sent(own, "https://other.invalid/simple/kit/") == ANYBODY
    assert sent(own, "https://evil.invalid/") is None


def test_what_is_given_outranks_netrc_and_stays_here(environ: dict[str, str]) -> None:
    own = OwnCredentials(INDEX, "you", "yours", environ)
    assert sent(own, INDEX) == GIVEN
    assert sent(own, "https://files.invalid/") is None
    assert sent(own, "https://evil.invalid/") is None


def test_a_login_is_sent_in_utf_8(tmp_path: Path) -> None:
    """As uv does: requests sends the first in Latin-1, and the second not at all."""
    for word in ("s\u00e9same", "\u043f\u0430\u0440\u043e\u043b\u044c"):
        text = f"machine index.invalid login me password {word}"
        (tmp_path / ".netrc").write_text(text, encoding="utf-8")
        there = OwnCredentials(INDEX, "", "", {"HOME": str(tmp_path)})
        for own in (there, OwnCredentials(INDEX, "me", word, {})):
            said = sent(own, INDEX)
            assert said is not None
            assert b64decode(said.removeprefix("Basic ")).decode("utf-8") == f"me:{word}"
    said = sent(OwnCredentials(INDEX, "me", os.fsdecode(b"s\xe9same"), {}), INDEX)
    assert said is not None
    assert b64decode(said.removeprefix("Basic ")) == b"me:s\xe9same"


@pytest.mark.parametrize("text", ["machine", "machine index.invalid", "\0", "machine a login b"])
def test_a_netrc_that_can_not_be_read_has_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(text, encoding="utf-8")
    own = OwnCredentials(INDEX, "", "", {"NETRC": str(tmp_path / "netrc")})
    assert sent(own, INDEX) is None


def test_a_page_that_leads_elsewhere_takes_no_entry_along(tmp_path: Path) -> None:
    file = "kit-1.0.tar.gz"
    (tmp_path / ".netrc").write_text("default login me password secret", encoding="utf-8")
    with raw_index() as server, raw_index() as stranger:
        uv = Uv()
        uv.environ["HOME"] = str(tmp_path)
        link = f'<a href="{stranger.url}/f/{file}">{file}</a>'
        server.answers["/simple/kit/"] = Raw(link.encode())
        index = PackageIndex(server.address(), uv, tmp_path)
        assert index.look_up(Artifact("kit", file, 4, "5f" * 32)) is Observed.UNKNOWN
        assert server.seen == [("/simple/kit/", _basic_auth_str("me", "secret"))]
        assert stranger.seen == [(f"/f/{file}", None)]
