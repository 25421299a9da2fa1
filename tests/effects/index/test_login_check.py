"""A login is refused before an upload only where an answer of the index means nothing else."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.raw_index import RawIndex, raw_index

from release_sync.effects.index.address import Address
from release_sync.effects.index.login_check import refusal
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.credentials import Login

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NIA = Login("user nia", "see", "nia", "hers")
HERS = "Basic " + b64encode(b"nia:hers").decode()


@pytest.fixture
def server() -> Iterator[RawIndex]:
    with raw_index() as server:
        yield server


def asked(server: RawIndex, address: Address | None = None, login: Login = NIA) -> int:
    """Return what is made of what the server answers."""
    address = address or server.address("reader", "theirs")
    environ = {"HOME": "/nowhere"}
    return refusal(address, f"{server.url}/simple/kit/", login, 5.0, environ)


@pytest.mark.parametrize(
    ("hers", "nobodys", "without", "refused"),
    [
        (200, 200, 200, 0),  # anybody may read
        (404, 401, 401, 0),
        (401, 401, 401, 401),
        (401, 401, 200, 401),  # devpi, Nexus: a wrong login is refused, and none is not
        (403, 403, 401, 403),  # pypiserver
        (403, 403, 200, 403),
        (403, 401, 401, 0),  # a login that only uploads
        (403, 403, 403, 0),  # something lets nobody in from here
        (500, 500, 500, 0),
    ],
)
def test_a_refusal_is_told_from_all_else(
    server: RawIndex, hers: int, nobodys: int, without: int, refused: int
) -> None:
    server.decide = lambda given: hers if given == HERS else without if given is None else nobodys
    assert asked(server) == refused
    given = [one for _, one in server.seen]
    assert given[0] == HERS
    assert len(given) == (3 if hers == 403 else 1)
    assert len({*given}) == len(given)  # the reader's was not sent, nor one twice


def test_a_login_is_sent_to_nobody_that_it_is_not_meant_for(server: RawIndex) -> None:
    server.decide = lambda _: 401
    address = server.address()
    elsewhere = replace(address, upload="http://127.0.0.1:1/")
    assert asked(server, elsewhere) == 0
    assert asked(server, Address("pypi", "", "")) == 0
    assert asked(server, login=Login("a keyring's", "see", "nia")) == 0
    assert server.seen == []
    assert asked(server, replace(address, simple=address.simple.replace("//", "//a:b@"))) == 401
    assert [given for _, given in server.seen] == [HERS]


def test_an_index_that_does_not_answer_has_refused_nothing() -> None:
    with raw_index() as server:
        address = server.address()
    assert asked(server, address) == 0


def test_a_job_that_is_trusted_is_told_from_who_has_a_password(tmp_path: Path) -> None:
    address = Address("company", "https://read.invalid/simple/", "https://upload.invalid/")
    environ = {**Uv().environ, "HOME": str(tmp_path), "UV_CREDENTIALS_DIR": str(tmp_path)}
    for more, trusted in (
        ({}, False),
        ({"PYPI_ID_TOKEN": "of-the-job"}, True),
        ({"PYPI_ID_TOKEN": "of-the-job", "UV_PUBLISH_TOKEN": "mine"}, False),
    ):
        index = PackageIndex(address, Uv({**environ, **more}), tmp_path)
        assert index.is_trusted_publisher is trusted
        assert index.login_problem("kit") is None  # it is uploaded to elsewhere
