"""What is read from an index has bounds, and its credentials are for it alone."""

from __future__ import annotations

import gzip
import itertools
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.raw_index import Raw, RawIndex, raw_index

from release_sync.effects.index import download
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.uv.commands import Uv
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "/simple/kit/"
OURS = Artifact("kit", "kit-1.0.tar.gz", 4, "5f" * 32)
SECRET = "Basic bWU6c2VjcmV0"
PATIENCE = 3


@pytest.fixture
def server() -> Iterator[RawIndex]:
    with raw_index() as server:
        yield server


@pytest.fixture
def stranger() -> Iterator[RawIndex]:
    with raw_index() as server:
        yield server


def opened(server: RawIndex, username: str = "", password: str = "") -> PackageIndex:
    uv = Uv()
    uv.environ["UV_HTTP_TIMEOUT"] = "1"
    return PackageIndex(server.address(username, password), uv, Path())


def dripping(start: bytes) -> Iterator[bytes]:
    yield start
    for _ in range(100):
        time.sleep(0.3)
        yield b" "


def page_with_link(url: str) -> Raw:
    return Raw(f'<a href="{url}/f/{OURS.filename}">{OURS.filename}</a>'.encode())


def test_a_file_that_comes_a_byte_at_a_time_is_given_up(server: RawIndex) -> None:
    server.answers[PAGE] = page_with_link(server.url)
    server.answers[f"/f/{OURS.filename}"] = Raw(dripping(b""))
    begun = time.monotonic()
    assert opened(server).look_up(OURS) is Observed.UNKNOWN
    assert time.monotonic() - begun < 5 * PATIENCE  # all of it takes half a minute


def test_a_file_is_read_no_further_than_it_can_be_ours(server: RawIndex) -> None:
    sent = itertools.count()
    endless = (next(sent).to_bytes(8) * 8192 for _ in itertools.count())
    server.answers[PAGE] = page_with_link(server.url)
    server.answers[f"/f/{OURS.filename}"] = Raw(endless)
    assert opened(server).look_up(OURS) is Observed.FOREIGN


@pytest.mark.parametrize("more", [1, 10])
def test_a_page_larger_than_any_is_given_up(server: RawIndex, more: int) -> None:
    links = page_with_link(server.url).body
    assert isinstance(links, bytes)
    large = links + b" " * (download.LARGEST // more)
    packed = gzip.compress(large)
    server.answers[PAGE] = Raw(packed, headers={"Content-Encoding": "gzip"})
    reply = opened(server).project("kit").reply
    assert reply is (Reply.UNKNOWN if more == 1 else Reply.PAGE)


def test_a_redirect_with_an_endless_body_is_not_read(server: RawIndex) -> None:
    endless = (b"x" * 65536 for _ in itertools.count())
    server.answers[PAGE] = Raw(endless, status=302, headers={"Location": "/kit/"})
    server.answers["/kit/"] = page_with_link(server.url)
    assert opened(server).project("kit").reply is Reply.PAGE


def test_the_index_itself_gets_its_credentials(server: RawIndex) -> None:
    server.answers[PAGE] = Raw(status=302, headers={"Location": "/kit/"})
    server.answers["/kit/"] = page_with_link(server.url)
    assert opened(server, "me", "secret").look_up(OURS) is Observed.UNKNOWN
    assert server.seen == [(path, SECRET) for path in (PAGE, "/kit/", f"/f/{OURS.filename}")]


def test_credentials_in_a_link_are_not_used(server: RawIndex, stranger: RawIndex) -> None:
    named = stranger.url.replace("//", "//them:theirs@")
    server.answers[PAGE] = page_with_link(named)
    assert opened(server).look_up(OURS) is Observed.UNKNOWN
    server.answers[PAGE] = Raw(status=302, headers={"Location": f"{named}{PAGE}"})
    assert opened(server, "me", "secret").look_up(OURS) is Observed.ABSENT
    assert stranger.seen == [(f"/f/{OURS.filename}", None), (PAGE, None)]


def test_credentials_in_the_address_are_the_index_own_too(server: RawIndex) -> None:
    index = opened(server)
    given = index.address.simple.replace("//", "//me:secret@")
    server.answers[PAGE] = page_with_link(server.url)
    again = PackageIndex(type(index.address)("raw", given, ""), Uv(), Path())
    assert again.look_up(OURS) is Observed.UNKNOWN
    assert server.seen == [(path, SECRET) for path in (PAGE, f"/f/{OURS.filename}")]


def test_a_link_to_another_host_gets_no_credentials(server: RawIndex, stranger: RawIndex) -> None:
    server.answers[PAGE] = page_with_link(stranger.url)
    assert opened(server, "me", "secret").look_up(OURS) is Observed.UNKNOWN
    assert server.seen == [(PAGE, SECRET)]
    assert stranger.seen == [(f"/f/{OURS.filename}", None)]


def test_a_redirect_to_another_host_gets_no_credentials(
    server: RawIndex, stranger: RawIndex
) -> None:
    server.answers[PAGE] = Raw(status=302, headers={"Location": f"{stranger.url}{PAGE}"})
    stranger.answers[PAGE] = page_with_link(server.url)
    assert opened(server, "me", "secret").project("kit").versions == ("1.0",)
    assert stranger.seen == [(PAGE, None)]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://[", "ftp://127.0.0.1/", "//"])
def test_a_redirect_to_what_is_no_page_is_unknown(server: RawIndex, target: str) -> None:
    server.answers[PAGE] = Raw(status=302, headers={"Location": target})
    assert opened(server).project("kit").reply is Reply.UNKNOWN
