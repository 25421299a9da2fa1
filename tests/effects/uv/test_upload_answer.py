"""What an upload came to, as the real uv tells it: a no, a no that may be ours, or no answer."""

from __future__ import annotations

import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from tests.fakes.trusted_publisher import AUDIENCE, JOB, MINT, UPLOAD, trusted_publisher

from release_sync.effects.uv.commands import Uv
from release_sync.errors import Closed, Partly, Problem, Refused, Taken, Unanswered, Unsent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANSWERS = {
    "400 File already exists. See /help": (400, b"File already exists. See /help", Taken),
    "400 used": (400, b"This filename has already been used, use a different version.", Closed),
    "400 used once": (
        400,
        b"This filename was previously used by a file that has since been deleted. Use a different",
        Closed,
    ),
    "400 used, as it was said long ago": (400, b"This filename has previously been used", Closed),
    "400 late": (
        400,
        b"Uploading new files to releases older than 14 days is not allowed.",
        Closed,
    ),
    "400 closed": (400, b"The release 1.0 is closed for new files.", Closed),
    "400 a second sdist": (400, b"Only one sdist may be uploaded per release.", Closed),
    "403 archived": (403, b"The project demo is archived.", Closed),
    "403 quarantined": (403, b"Project 'demo' is quarantined", Closed),
    "403 not allowed": (403, b"The user 'me' isn't allowed to upload to project 'demo'.", Refused),
    "410": (410, b"", Closed),
    "400 too large": (400, b"Project size too large. Limit for project 'demo'", Refused),
    "400 otherwise": (400, b"Organization account owning this project is inactive.", Refused),
    "400 invalid": (400, b"Invalid value for classifiers.", Closed),
    "401": (401, b"", Refused),
    "403": (403, b"Invalid or non-existent authentication information.", Refused),
    "404": (404, b"", Refused),
    "408": (408, b"", Unanswered),
    "409": (409, b"", Taken),
    "407": (407, b"", Unanswered),
    "413": (413, b"", Unanswered),
    "451": (451, b"", Unanswered),
    "403 of a gateway": (403, b"<hr><center>nginx</center>", Unanswered),
    "401 of a gateway": (401, b"Error 1020. Ray ID: 1 - Cloudflare", Unanswered),
    "429": (429, b"", Unanswered),
    "500": (500, b"status code 403, says the one behind me", Unanswered),
    "500 in Unicode": (500, "First.\u2028status code 403".encode(), Unanswered),
    "500 of lines": (500, b"First.\nstatus code 403, and\r\nerror: status 400", Unanswered),
    "502": (502, b"", Unanswered),
    "503": (503, b"File already exists", Unanswered),
    "302 to nowhere": (302, b"", Refused),
    "nothing": (0, b"", Unanswered),
}


class _Handler(BaseHTTPRequestHandler):
    server: Index

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.uploads += 1
        status = self.server.status if self.server.uploads > self.server.takes else 200
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.text)))
        self.end_headers()
        self.wfile.write(self.server.text)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class Index(ThreadingHTTPServer):
    """Takes so many files, and then gives one answer to all."""

    status = 200
    text = b""
    takes = 0
    uploads = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.headers: dict[str, str] = {}


@pytest.fixture
def index() -> Iterator[Index]:
    with Index() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def wheel(folder: Path, name: str = "demo") -> Path:
    """Make the smallest wheel that uv uploads."""
    file = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        archive.writestr(f"{name}-1.0.dist-info/METADATA", metadata)
    return file


def fail(index: Index, *files: Path, **environ: str) -> Problem:
    """Upload, which must fail, and return how."""
    login = {"UV_PUBLISH_USERNAME": "u", "UV_PUBLISH_PASSWORD": "not-for-you", **environ}
    uv = Uv({**Uv().environ, **{name: value for name, value in login.items() if value}})
    with pytest.raises(Problem) as raised:
        uv.publish(files, f"http://127.0.0.1:{index.server_port}/", files[0].parent)
    assert "not-for-you" not in raised.value.message
    return raised.value


@pytest.mark.parametrize("name", ANSWERS)
def test_each_answer_is_what_it_means(name: str, index: Index, tmp_path: Path) -> None:
    index.status, index.text, kind = ANSWERS[name]
    problem = fail(index, wheel(tmp_path))
    assert type(problem) is kind, problem.message
    assert problem.hint
    assert index.uploads == 1, "uv tried again by itself"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize(
    ("location", "said", "asked"),
    [
        ("https://me:hunter2@other.invalid:8443/x/?token=hunter2", "it to other.invalid:8443", 1),
        ("{url}/legacy/", "the index redirected it: ", 11),
        ("/legacy/", "the index redirected it: ", 1),
        ("mailto:me@other.invalid", "the index redirected it: ", 1),
        ("https://[", "the index redirected it: ", 1),
        ("", "the index redirected it: ", 1),
    ],
)
def test_a_redirect_is_a_no_and_says_where_to(
    status: int, location: str, said: str, asked: int, index: Index, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{index.server_port}"
    index.status, index.headers = status, {"Location": location.format(url=url)}
    problem = fail(index, wheel(tmp_path))
    assert type(problem) is Refused, problem.message
    assert said in problem.message
    assert "hunter2" not in problem.message
    assert "publish-url" in problem.hint
    assert index.uploads == asked  # uv follows within the same origin


def test_nothing_is_sent_to_where_an_upload_is_redirected(index: Index, tmp_path: Path) -> None:
    with Index() as other:
        threading.Thread(target=other.serve_forever, args=(0.02,), daemon=True).start()
        host = f"127.0.0.1:{other.server_port}"
        index.status, index.headers = 308, {"Location": f"http://{host}/"}
        problem = fail(index, wheel(tmp_path))
        other.shutdown()
    assert f"redirected it to {host}, where nothing is sent" in problem.message
    assert (index.uploads, other.uploads) == (1, 0)


@pytest.mark.parametrize("mode", ["automatic", "always"])
@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        (AUDIENCE, 503, Unsent), (AUDIENCE, 0, Unsent), (AUDIENCE, 404, Refused),
        (JOB, 500, Unsent), (JOB, 0, Unsent), (JOB, 403, Refused),
        (MINT, 500, Unsent), (MINT, 429, Unsent), (MINT, 0, Unsent), (MINT, 403, Refused),
        (UPLOAD, 500, Unanswered), (UPLOAD, 403, Refused),
    ],
)  # fmt: skip
def test_a_token_that_is_not_exchanged_is_told_from_an_upload(
    mode: str, path: str, status: int, kind: type[Problem], tmp_path: Path
) -> None:
    clean = {name: value for name, value in Uv().environ.items() if "UV_PUBLISH" not in name}
    (tmp_path / "uv.toml").write_text(f'trusted-publishing = "{mode}"\n', encoding="utf-8")
    with trusted_publisher(tmp_path) as server:
        server.failing[path] = status
        with pytest.raises(Problem) as raised:
            Uv({**clean, **server.environ}).publish(
                [wheel(tmp_path)], f"{server.url}{UPLOAD}", tmp_path
            )
    assert type(raised.value) is kind, raised.value.message
    assert (UPLOAD in server.asked) is (path == UPLOAD)
    assert server.asked.count(path) == 1


def test_a_no_after_a_file_was_taken_is_told_apart(index: Index, tmp_path: Path) -> None:
    index.status, index.takes = 403, 1
    problem = fail(index, wheel(tmp_path, "one"), wheel(tmp_path, "two"))
    assert type(problem) is Partly
    assert "two-1.0" in problem.message


def test_the_status_and_the_words_of_the_index_are_said(index: Index, tmp_path: Path) -> None:
    index.status, index.text = 422, b"the name is not to our taste"
    message = fail(index, wheel(tmp_path)).message
    assert "422" in message
    assert "the name is not to our taste" in message
    assert "TRACE" not in message
    assert "DEBUG" not in message


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("7", 7, 7), ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0), ("soon", 0, 0),
     ("Thu, 01 Jan 2998 00:00:00 GMT", 1e9, 1e11)],
)  # fmt: skip
def test_when_to_come_back_is_read(
    header: str, least: float, most: float, index: Index, tmp_path: Path
) -> None:
    index.status, index.headers = 503, {"Retry-After": header}
    problem = fail(index, wheel(tmp_path))
    assert isinstance(problem, Unanswered)
    assert least <= problem.again <= most


def test_new_projects_are_tried_again_on_another_day(index: Index, tmp_path: Path) -> None:
    """Each try counts, and would put off when PyPI takes one more."""
    index.status, index.text = 429, b"Too many new projects created"
    problem = fail(index, wheel(tmp_path))
    assert isinstance(problem, Unanswered)
    assert problem.again == 86400
    index.headers = {"Retry-After": "7"}
    again = fail(index, wheel(tmp_path))
    assert isinstance(again, Unanswered)
    assert again.again == 7


def test_an_index_that_is_not_there_did_not_answer(index: Index, tmp_path: Path) -> None:
    index.shutdown()
    index.server_close()
    assert type(fail(index, wheel(tmp_path))) is Unanswered


def test_an_empty_variable_is_none(index: Index, tmp_path: Path) -> None:
    """Where a pipeline lacks a secret, its variable is empty; uv would take it for a token."""
    login = {"UV_PUBLISH_USERNAME": "u", "UV_PUBLISH_PASSWORD": "p", "UV_PUBLISH_TOKEN": ""}
    url = f"http://127.0.0.1:{index.server_port}/"
    Uv({**Uv().environ, **login}).publish([wheel(tmp_path)], url, tmp_path)
    assert index.uploads == 1


def test_what_uv_does_not_send_is_refused(index: Index, tmp_path: Path) -> None:
    broken = tmp_path / "broken-1.0-py3-none-any.whl"
    broken.write_bytes(b"no wheel")
    assert type(fail(index, broken)) is Refused
    problem = fail(index, wheel(tmp_path), UV_PUBLISH_USERNAME="")
    assert type(problem) is Refused
    assert "UV_PUBLISH_USERNAME" in problem.hint
    assert index.uploads == 0
