"""Nothing that stands on an index's page breaks who reads it: it is read, or it is no page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.raw_index import HTML, JSON, Raw, RawIndex, raw_index

from release_sync.effects.index.released_index import ReleasedIndex
from release_sync.plan.availability import lists, newest
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "/simple/kit/"
FILE = "kit-1.0.tar.gz"
OURS = Artifact("kit", FILE, 4, "5f" * 32)

numbers = st.one_of(
    st.sampled_from(["0", "1", "00", "9" * 30, "9" * 4299, "9" * 4301, "1" * 5000]),
    st.sampled_from(["\u0661", "\u00b2", "\uff11", "\U0001d7ce", "-1", "1e9", "0x1", ""]),
)
versions = st.lists(
    st.one_of(numbers, st.sampled_from([".", "!", "-", "+", "rc", ".post", ".dev", "_", "v", " "])),
    max_size=8,
).map("".join)
names = st.one_of(
    st.tuples(
        st.sampled_from(["kit", "KIT", "k-i-t", "kit.", "", "app", "kit" * 90]),
        st.sampled_from(["-", "--", "_", ""]),
        versions,
        st.sampled_from(
            [".tar.gz", ".zip", "-py3-none-any.whl", "-1-py3-none-any.whl", ".egg", ""]
        ),
    ).map("".join),
    numbers.map("kit-1.{}.tar.gz".format),
    numbers.map("kit-{}!1.zip".format),
    st.text(max_size=20),
    st.just(FILE),
)
urls = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["/f", "http://[", "http://127.0.0.1:99999/", "file:///etc/passwd", "//", "#sha256=x"]
    ),
)
anything: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=5,
)
hashes = st.one_of(
    st.dictionaries(st.sampled_from(["sha256", "md5"]), anything, max_size=2), anything
)
files = st.fixed_dictionaries(
    {"filename": st.one_of(names, anything), "url": st.one_of(urls, anything), "hashes": hashes},
    optional={
        "yanked": anything, "size": anything, "upload-time": anything, "requires-python": anything,
        "core-metadata": anything, "provenance": anything,
    },
)  # fmt: skip
pages = st.fixed_dictionaries(
    {
        "name": st.one_of(st.just("kit"), anything),
        "meta": st.one_of(st.just({"api-version": "1.4"}), anything),
    },
    optional={
        "files": st.one_of(st.lists(files, max_size=4), anything),
        "versions": anything,
        "project-status": anything,
    },
)
links = st.lists(st.tuples(urls, names, names), max_size=4).map(
    lambda found: "".join(f'<a href="{url}/{name}">{text}</a>' for url, name, text in found)
)


@pytest.fixture(scope="module")
def server() -> Iterator[RawIndex]:
    with raw_index() as server:
        yield server


def hold(server: RawIndex, page: Raw) -> None:
    """Ask whatever is asked of an index; nothing is raised, and nothing of it is ours."""
    server.answers[PAGE] = page
    index = ReleasedIndex(server.address(), None, Path())
    index.seconds = 1
    served = index.project("kit")
    newest(served, None)
    lists(served, "1.0")
    assert index.look_up(OURS) is not Observed.EXACT
    assert index.look_up_released([OURS])[0][0] is not Observed.EXACT


@given(odd=st.lists(names, max_size=4), kind=st.sampled_from([HTML, JSON]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_names_of_any_kind_on_a_sound_page_break_nothing(
    server: RawIndex, odd: list[str], kind: str
) -> None:
    found = ["kit-0.5.zip", *odd]
    files = [{"filename": one, "url": "/f", "hashes": {"md5": "0"}} for one in found]
    page = {"name": "kit", "meta": {"api-version": "1.0"}, "files": files}
    link = "".join(f'<a href="/f/{one}">{one}</a>' for one in found)
    hold(server, Raw((link if kind == HTML else json.dumps(page)).encode(errors="replace"), kind))
    assert "0.5" in ReleasedIndex(server.address(), None, Path()).project("kit").versions


@given(page=pages)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_json_of_any_kind_breaks_nothing(server: RawIndex, page: object) -> None:
    hold(server, Raw(json.dumps(page).encode(), JSON))


@given(page=st.one_of(links, st.text()))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_html_of_any_kind_breaks_nothing(server: RawIndex, page: str) -> None:
    hold(server, Raw(page.encode(errors="replace"), HTML))


@given(
    page=st.binary(),
    kind=st.sampled_from([HTML, JSON, f"{HTML}; charset=utf-16", f"{HTML};charset="]),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_bytes_of_any_kind_break_nothing(server: RawIndex, page: bytes, kind: str) -> None:
    hold(server, Raw(page, kind))


@pytest.mark.parametrize("told", [5, None, ["5f" * 32], {"a": 1}, True, "", "5F" * 31])
def test_a_hash_of_any_kind_is_no_hash(server: RawIndex, told: object) -> None:
    file = {"filename": FILE, "url": "/nowhere", "hashes": {"sha256": told}}
    page = {"name": "kit", "meta": {"api-version": "1.0"}, "files": [file]}
    hold(server, Raw(json.dumps(page).encode(), JSON))
