"""The embedded index answers as a real one does, also where pypiserver alone would not."""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from pathlib import Path


def test_a_refusal_is_heard_by_who_is_still_sending(tmp_path: Path) -> None:
    """Not a reset, which would leave open whether the index has the file."""
    with embedded_index(tmp_path) as index:
        connection = HTTPConnection(urlsplit(index.upload).netloc, timeout=30)
        connection.request(
            "POST",
            "/",
            body=(b"x" * 65_536 for _ in range(128)),
            headers={"Content-Length": str(128 * 65_536), "Authorization": "Basic bm90OnRoaXM="},
        )
        assert connection.getresponse().status == HTTPStatus.FORBIDDEN
        connection.close()
    assert not list(tmp_path.iterdir())


def test_what_is_uploaded_is_served_byte_for_byte(tmp_path: Path) -> None:
    """More than one read of it is needed."""
    content = bytes(range(256)) * 300
    with embedded_index(tmp_path) as index:
        answer = requests.post(
            index.upload,
            data={":action": "file_upload"},
            files={"content": ("large-1.0.tar.gz", content)},
            auth=(index.username, index.password),
            timeout=30,
        )
    assert answer.status_code == HTTPStatus.OK
    assert (tmp_path / "large-1.0.tar.gz").read_bytes() == content
