"""A page counts with a content type and the shape of PEP 503 or PEP 691; nothing else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypi_simple import DistributionPackage
from tests.fakes.raw_index import HTML, JSON, NOT_FOUND, Raw, RawIndex, raw_index

from release_sync.effects.index.released_index import ReleasedIndex
from release_sync.effects.index.told import version_of
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.served import Reply, Served

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "/simple/kit/"
SHA256 = "5f" * 32
FILE = "kit-1.0.tar.gz"
LINK = f'<a href="../../packages/{FILE}#sha256={SHA256}">{FILE}</a><br>'
HEADED = '<!DOCTYPE html><html lang="en"><head>{}</head><body>{}</body></html>'
WAREHOUSE = '<meta name="pypi:repository-version" content="1.4"><title>Links for kit</title>'
MAINTENANCE = HEADED.format(
    "<title>Down for maintenance</title>",
    '<h1>Down for maintenance</h1><p>See <a href="/status">status</a>'
    ' or <a href="/packages/kit-1.0.tar.gz">the last release</a>.</p>',
)


def html(head: str, body: str = "") -> Raw:
    return Raw(HEADED.format(head, body).encode())


def file(name: str = FILE, **more: object) -> dict[str, object]:
    return {"filename": name, "url": f"/f/{name}", "hashes": {"sha256": SHA256}, **more}


def project(**more: object) -> Raw:
    page = {"meta": {"api-version": "1.1"}, "name": "kit", "files": [file()], **more}
    return Raw(json.dumps(page).encode(), JSON)


@pytest.fixture
def server() -> Iterator[RawIndex]:
    with raw_index() as server:
        yield server


def asked(server: RawIndex, answer: Raw, path: str = PAGE) -> Served:
    server.answers[path] = answer
    return opened(server).project("kit")


def opened(server: RawIndex) -> ReleasedIndex:
    return ReleasedIndex(server.address(), None, Path())


PAGES = {
    "pypiserver's": html("<title>Links for kit</title>", f"<h1>Links for kit</h1>{LINK}"),
    "warehouse's": html(WAREHOUSE, f"<h1>Links for kit</h1>{LINK}"),
    "devpi's": html("<title>a/dev: links for kit</title>", f"a/dev {LINK}"),
    "the least that PEP 503 asks for": Raw(LINK.encode()),
    "in the content type of PEP 691": Raw(LINK.encode(), "application/vnd.pypi.simple.v1+html"),
    "with a charset": Raw(LINK.encode(), "text/html; charset=UTF-8"),
    "with other links": html("", f'<a href="/">Home</a>{LINK}<a href="/doc/x">documentation</a>'),
    "with an encoded name": Raw(
        b'<a href="/f/kit-1.0%2Blocal.zip">kit-1.0+local.zip</a><a href="k-2.0.zip">k-2.0.zip</a>'
    ),
    "JSON": project(),
    "JSON, its name spelled otherwise": project(name="KIT"),
    "JSON of devpi": project(meta={"api-version": "1.0"}),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_index_counts(server: RawIndex, page: str) -> None:
    served = asked(server, PAGES[page])
    assert served.reply is Reply.PAGE
    assert served.versions[0].startswith("1.0")


EMPTY = {
    "warehouse's": html(WAREHOUSE, "<h1>Links for kit</h1>"),
    "devpi's": Raw(
        b'<!DOCTYPE html><html lang="en"><head><title>a/dev: links for kit</title></head><body>'
        b"<h1>a/dev: links for kit</h1>\n</body></html>"
    ),
    "with the mark of PEP 629 alone": html('<meta name="pypi:repository-version" content="1.0">'),
    "JSON": project(files=[]),
}


@pytest.mark.parametrize("page", EMPTY)
def test_a_page_of_a_project_without_files_counts_when_it_says_so(
    server: RawIndex, page: str
) -> None:
    assert asked(server, EMPTY[page]) == Served(Reply.PAGE)


NO_PAGES = {
    "down for maintenance, with links": Raw(MAINTENANCE.encode()),
    "down for maintenance, in words": Raw(b"Down for maintenance", "text/plain"),
    "down for maintenance, as HTML": html("", "<p>Down for maintenance</p>"),
    "a login page": html("<title>Log in</title>", "<form><input type=password name=p></form>"),
    "nothing at all": Raw(b""),
    "nothing at all, as JSON": Raw(b"", JSON),
    "without a content type": Raw(LINK.encode(), ""),
    "with the content type of a file": Raw(LINK.encode(), "application/octet-stream"),
    "plain JSON": Raw(project().body, "application/json"),
    "JSON that was cut off": Raw(
        b'{"meta": {"api-version": "1.1"}, "name": "kit", "files": [', JSON
    ),
    "JSON that says it is HTML": Raw(project().body, HTML),
    "HTML that says it is JSON": Raw(LINK.encode(), JSON),
    "JSON of another project": project(name="kit-extra"),
    "JSON without a name": project(name=None),
    "JSON without a version": project(meta={}),
    "JSON of a newer repository": project(meta={"api-version": "2.0"}),
    "JSON whose files are none": project(files=["kit-1.0.tar.gz"]),
    "JSON whose files have no hashes": project(files=[{"filename": FILE, "url": "/f"}]),
    "JSON whose files have no name": project(files=[{"url": "/f", "hashes": {}}]),
    "JSON that is a list": Raw(b"[]", JSON),
    "JSON nested too deeply": Raw(b"[" * 200_000, JSON),
    "a page of another project": html("<title>Links for kit</title>", LINK.replace("kit-", "app-")),
    "a file's name that leads elsewhere": Raw(f'<a href="/download?of={FILE}">{FILE}</a>'.encode()),
    "a page of a project whose name begins alike": Raw(LINK.replace("kit-", "kit-app-").encode()),
    "an empty page of another project": html("<title>Links for app</title>"),
    "the root of an index": html(
        '<meta name="pypi:repository-version" content="1.0">', '<a href="/simple/kit/">kit</a>'
    ),
    "HTML that was cut off, of no known length": Raw(
        HEADED.format(WAREHOUSE, LINK).removesuffix("</body></html>").encode(), sized=False
    ),
    "HTML that was cut off": Raw(LINK.encode(), headers={"Content-Length": "9999"}, sized=False),
    "a mark of a newer repository": html(
        '<meta name="pypi:repository-version" content="9.0">', LINK
    ),
    "in a charset that nobody knows": Raw(LINK.encode(), "text/html; charset=klingon"),
    "broken markup": Raw(b"<![kit"),
    "401": Raw(LINK.encode(), status=401),
    "403": Raw(LINK.encode(), status=403),
    "500": Raw(LINK.encode(), status=500),
    "503": Raw(MAINTENANCE.encode(), status=503),
    "204": Raw(b"", status=204),
    "203, rewritten by a proxy": Raw(LINK.encode(), status=203),
}


@pytest.mark.parametrize("page", NO_PAGES)
def test_what_is_no_page_of_an_index_is_unknown(server: RawIndex, page: str) -> None:
    assert asked(server, NO_PAGES[page]) == Served(Reply.UNKNOWN)
    seen = Artifact("kit", "kit-2.0.tar.gz", 1, SHA256)
    assert opened(server).look_up(seen) is Observed.UNKNOWN


def test_404_is_told_from_a_page_and_from_no_answer(server: RawIndex) -> None:
    assert asked(server, NOT_FOUND) == Served(Reply.NOT_FOUND)
    seen = Artifact("kit", FILE, 1, SHA256)
    assert opened(server).look_up(seen) is Observed.ABSENT
    assert opened(server).look_up_released([seen])[0] == (Observed.UNKNOWN, False, "")


@pytest.mark.parametrize(
    ("target", "page", "reply"),
    [
        ("/mirror/kit/", html(WAREHOUSE), Reply.PAGE),
        ("/mirror/kit/index.html", html(WAREHOUSE), Reply.PAGE),
        ("/mirror/kit/", Raw(LINK.encode()), Reply.PAGE),
        ("/mirror/kit/", NOT_FOUND, Reply.NOT_FOUND),
        ("/simple/app/", project(name="app"), Reply.UNKNOWN),
        ("/simple/", html('<meta name="pypi:repository-version" content="1.0">'), Reply.UNKNOWN),
        ("/login", html("<title>Log in</title>"), Reply.UNKNOWN),
    ],
)
def test_a_redirect_is_judged_by_where_it_leads(
    server: RawIndex, target: str, page: Raw, reply: Reply
) -> None:
    server.answers[target] = page
    assert asked(server, Raw(status=302, headers={"Location": target})).reply is reply


def test_redirects_in_a_circle_end(server: RawIndex) -> None:
    assert asked(server, Raw(status=302, headers={"Location": PAGE})) == Served(Reply.UNKNOWN)
    assert len(server.seen) == 10


def test_a_hash_that_is_none_proves_nothing_and_the_file_is_read(server: RawIndex) -> None:
    from hashlib import sha256  # noqa: PLC0415 - only here

    ours = Artifact("kit", FILE, 5, sha256(b"ours!").hexdigest())
    weird = {"sha256": "not a hash"}
    server.answers[PAGE] = project(files=[file(hashes=weird)])
    server.answers[f"/f/{FILE}"] = Raw(b"ours!", "application/gzip")
    assert opened(server).look_up(ours) is Observed.EXACT
    server.answers[f"/f/{FILE}"] = Raw(b"a stranger's", "application/gzip")
    assert opened(server).look_up(ours) is Observed.FOREIGN
    del server.answers[f"/f/{FILE}"]
    assert opened(server).look_up(ours) is Observed.UNKNOWN


def test_a_file_that_is_listed_twice_is_ours_only_if_both_are(server: RawIndex) -> None:
    """An index that is made of several others lists both; an installer may take either."""
    ours, theirs = (file(hashes={"sha256": one * 32}) for one in ("5F", "aa"))
    for files, seen in (
        ([ours, theirs], Observed.FOREIGN),
        ([theirs, ours], Observed.FOREIGN),
        ([ours, ours], Observed.EXACT),
    ):
        server.answers[PAGE] = project(files=files)
        assert opened(server).look_up(Artifact("kit", FILE, 5, "5f" * 32)) is seen


@pytest.mark.parametrize(
    "name",
    [
        f"kit-1.{'9' * 5000}.tar.gz",
        f"kit-{'9' * 200}!{'9' * 30}.tar.gz",
        f"kit-1.{'9' * 4400}-py3-none-any.whl",
        f"kit{'-a' * 20_000}",
        "kit-.tar.gz",
        "",
        "../../kit-1.tar.gz",
        "kit-2004d.tar.gz",
        "\0",
    ],
)
def test_a_name_that_means_harm_is_no_version(server: RawIndex, name: str) -> None:
    """Python refuses to read 5000 digits; and some names would keep a pattern busy for days."""
    served = asked(server, project(files=[file(name), file()]))
    assert served.reply is Reply.PAGE
    assert served.versions[:1] == ("1.0",)
    links = f'<a href="/f/{name}">{name}</a>{LINK}'
    assert asked(server, Raw(links.encode())) == served


def test_a_version_of_more_digits_than_python_reads_is_none() -> None:
    name = f"kit-1.{'9' * 5000}.tar.gz"
    assert version_of(DistributionPackage.from_json_data(file(name), "kit")) is None


def test_what_a_page_of_json_says_of_its_versions(server: RawIndex) -> None:
    told = project(
        files=[file(), file("kit-1.0-py3-none-any.whl", yanked="  broken\non 3.12 "),
               file("kit-1.1.zip", yanked=True), file("kit-1.2.zip", yanked=False)],
        versions=["1.0.0", "0.9", "1.1", "1.2", "nonsense", f"1.{'9' * 5000}"],
    )  # fmt: skip
    served = asked(server, told)
    assert served.files["1.0"] == ("kit-1.0-py3-none-any.whl", FILE)
    assert served.yanked == {"kit-1.0-py3-none-any.whl": "broken on 3.12", "kit-1.1.zip": ""}
    assert served.empty == ("0.9",)


def test_what_a_page_of_html_says_of_its_versions(server: RawIndex) -> None:
    yanked = LINK.replace("<a ", '<a data-yanked="broken" ').replace("1.0", "0.9")
    served = asked(server, html(WAREHOUSE, yanked + LINK))
    assert served.files == {"0.9": ("kit-0.9.tar.gz",), "1.0": (FILE,)}
    assert served.yanked == {"kit-0.9.tar.gz": "broken"}
    assert served.empty == ()


STATUSES = [
    ({"status": "archived", "reason": "see  app"}, "archived", "see app"),
    ({"status": "quarantined"}, "quarantined", ""),
    ({"status": "active"}, "active", ""),
    ({"status": "one that comes later", "reason": "why"}, "", ""),
    ({}, "", ""),
]


@pytest.mark.parametrize(("told", "status", "reason"), STATUSES)
def test_the_status_of_a_project_is_read_off_both_kinds_of_pages(
    server: RawIndex, told: dict[str, str], status: str, reason: str
) -> None:
    """PEP 792; the library takes a page with a status that it does not know for none."""
    named = {"status": "pypi:project-status", "reason": "pypi:project-status-reason"}
    metas = "".join(f'<meta name="{named[key]}" content="{told[key]}">' for key in told)
    body = "" if status == "quarantined" else LINK  # nothing of it is offered
    files = [] if status == "quarantined" else [file()]
    for page in (project(**{"project-status": told}, files=files), html(WAREHOUSE + metas, body)):
        served = asked(server, page)
        assert served.reply is Reply.PAGE
        assert (served.status, served.reason) == (status, reason)
    assert asked(server, project(**{"project-status": "archived"})).reply is Reply.PAGE
    assert asked(server, project(**{"project-status": {"status": ["x"]}})).reply is Reply.PAGE


def test_a_reason_is_not_repeated_without_end(server: RawIndex) -> None:
    served = asked(server, project(files=[file(yanked="no " * 5000)]))
    assert len(served.yanked[FILE]) <= 200
