"""An answer has bounds: in time, after which nobody waits any more, and in memory."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes import warm
from tests.fakes.raw_index import HTML, JSON, Raw, RawIndex, raw_index

from release_sync.effects.index.bounded import end_all, go_on, within
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.uv.commands import Uv
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = "/simple/kit/"
FILE = "kit-1.0.tar.gz"
MOST_MEMORY = 500 << 10
"""The kilobytes that a process may need to find that a page is none; 90 000 without any page."""

PACKED = 398 << 10
"""The bytes of a page that once took 4.4 GB."""

ASK = """
import resource, sys
from pathlib import Path
from release_sync.effects.index.address import Address
from release_sync.effects.index.package_index import PackageIndex
index = PackageIndex(Address("raw", sys.argv[1], ""), None, Path())
print(index.project("kit").reply.name, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

BOMBS = {
    "spaces": (HTML, b"", b" "),
    "links": (HTML, b"", b"<a href=x>x</a>"),
    "files": (HTML, b"", f'<a href="{FILE}">{FILE}</a>'.encode()),
    "links in links": (HTML, b"", b"<a>text"),
    "open tags": (HTML, b"", b"<b>"),
    "a tag without an end": (HTML, b"<a ", b"a "),
    "tags without an end": (HTML, b"", b"<a "),
    "comments without an end": (HTML, b"", b"<!--"),
    "objects": (JSON, b'{"files":[', b'{"":0},'),
    "lists": (JSON, b'{"files":[', b"[[]],"),
    "strings": (JSON, b'{"files":[', b'"ab",'),
    "one string": (JSON, '{"name":"\U0001f600'.encode(), b"x"),
}


@pytest.fixture
def server() -> Iterator[RawIndex]:
    with raw_index() as server:
        yield server


def opened(server: RawIndex) -> PackageIndex:
    uv = Uv()
    uv.environ["UV_HTTP_TIMEOUT"] = "1"
    return PackageIndex(server.address(), uv, Path())


def bomb(start: bytes, more: bytes) -> bytes:
    """Return what is as large as a page may be packed; unpacked, some hundred megabytes."""
    packer = gzip.compress(start, 1)
    piece = gzip.compress(more * ((16 << 20) // len(more)), 9)  # gzip's members are one text
    return packer + piece * max(1, PACKED // len(piece))


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("twice", [False, True])
def test_a_small_page_that_unpacks_to_a_large_one_takes_little_memory(
    server: RawIndex, tmp_path: Path, name: str, *, twice: bool
) -> None:
    kind, start, more = BOMBS[name]
    packed = bomb(start, more)
    headers = {"Content-Encoding": "gzip, gzip" if twice else "gzip"}
    server.answers[PAGE] = Raw(gzip.compress(packed) if twice else packed, kind, headers=headers)
    (tmp_path / "ask.py").write_text(ASK)
    url = f"{server.url}/simple/"
    done = warm.run("ask", url, cwd=tmp_path, environ=os.environ, seconds=100)
    assert done.returncode == 0, done.stderr
    reply, memory = done.stdout.split()
    assert reply == "UNKNOWN"
    assert int(memory) < MOST_MEMORY


@pytest.mark.parametrize("kind", [HTML, JSON])
def test_a_page_of_as_many_files_as_the_largest_projects_have_is_read(
    server: RawIndex, kind: str
) -> None:
    """20 000 files are 20 MB; the largest projects have some thousand."""
    names = [f"kit-1.{number}-py3-none-any.whl" for number in range(20_000)]
    url = f"https://files.invalid/packages/{'5f' * 30}/"
    hashes = {"sha256": "5f" * 32}
    if kind == HTML:
        tags = (f'<a href="{url}{one}#sha256={"5f" * 32}">{one}</a><br/>\n' for one in names)
        body = f"<html><body>{''.join(tags)}</body></html>"
    else:
        told = {
            "requires-python": ">=3.8",
            "core-metadata": hashes,
            "yanked": False,
            "x": "y" * 500,
        }
        files = [{"filename": one, "url": url + one, "hashes": hashes, **told} for one in names]
        body = json.dumps({"meta": {"api-version": "1.4"}, "name": "kit", "files": files})
    packed = gzip.compress(body.encode(), 1)
    server.answers[PAGE] = Raw(packed, kind, headers={"Content-Encoding": "gzip"})
    served = PackageIndex(server.address(), None, Path()).project("kit")
    assert served.reply is Reply.PAGE
    assert len(served.versions) == len(names)


def dripping(start: bytes, pause: float = 0.1) -> Iterator[bytes]:
    yield start
    for _ in range(100):
        time.sleep(pause)
        yield b" "


DRIPS: dict[str, Callable[[], Raw]] = {
    "a page": lambda: Raw(dripping(b'{"meta":'), JSON),
    "headers": lambda: Raw(dripping(b"HTTP/1.1 200 OK\r\nX:"), headless=True),
    "headers of a redirect": lambda: Raw(
        dripping(b"HTTP/1.1 302 Found\r\nLocation: /\r\nX:"), headless=True
    ),
    "a packed page": lambda: Raw(
        dripping(gzip.compress(b"<html>")), headers={"Content-Encoding": "gzip"}
    ),
    "a chunk": lambda: Raw(
        dripping(b"10000\r\n"), headers={"Transfer-Encoding": "chunked"}, sized=False
    ),
}


@pytest.mark.parametrize("what", DRIPS)
def test_what_comes_a_byte_at_a_time_is_given_up_for_good(server: RawIndex, what: str) -> None:
    """Neither a thread nor a socket is left: the server sees that nobody reads any more."""
    server.answers[PAGE] = DRIPS[what]()
    before = set(threading.enumerate())
    index = opened(server)
    assert index.look_up(Artifact("kit", FILE, 4, "5f" * 32)) is Observed.UNKNOWN
    assert server.left.wait(10)
    left = [one for one in set(threading.enumerate()) - before if "question" in one.name]
    for one in left:
        one.join(10)
    assert not any(one.is_alive() for one in left)


def test_another_question_is_not_given_up_with_it(server: RawIndex) -> None:
    server.answers[PAGE] = Raw(dripping(b'{"meta":'), JSON)
    link = b'<a href="app-1.zip">app-1.zip</a>'
    server.answers["/simple/app/"] = Raw(itertools.islice(dripping(link, 0.5), 4))
    index = opened(server)
    asked = threading.Thread(target=index.project, args=("kit",), daemon=True)
    asked.start()
    time.sleep(2)  # so that the first ends in the middle of the second
    assert index.project("app").versions == ("1",)
    assert server.left.wait(10)
    asked.join()


def test_work_that_asks_learns_that_its_time_is_over() -> None:
    ended = threading.Event()

    def work() -> None:
        try:
            while True:
                time.sleep(0.01)
                go_on()
        except TimeoutError:
            ended.set()
            raise  # it may learn it before whoever waits for it

    with pytest.raises(TimeoutError):
        within(0.1, work)
    assert ended.wait(1)
    go_on()  # here, nothing is bounded


def test_who_waits_for_an_answer_is_told_that_nobody_wants_it_any_more() -> None:
    asked, comes = threading.Event(), threading.Event()

    def work() -> None:
        asked.set()
        comes.wait(30)

    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(within, 30, work)
        assert asked.wait(10)
        end_all()
        assert isinstance(waits.exception(10), KeyboardInterrupt)
    comes.set()  # an answer that comes now is nobody's
    end_all()
    assert within(10, lambda: 1) == 1
