"""What an embedded index serves is what is in its folder now."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import requests

from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from pathlib import Path

OK, NOT_FOUND = 200, 404


def test_what_is_added_overwritten_and_removed_is_served_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / ".packages"  # of the folder's own path nothing is hidden
    folder.mkdir()
    for name in (".one-0.tar.gz", "README", "two-1.0.tar.gz"):
        (folder / name).write_bytes(b"other")
    file = folder / "One_Two-1.0-py3-none-any.whl"
    with embedded_index(folder) as index:

        def page() -> requests.Response:
            return requests.get(f"{index.simple}one-two/", timeout=30)

        assert page().status_code == NOT_FOUND
        for content in (b"first", b"second"):
            file.write_bytes(content)
            assert f"/{file.name}#sha256={sha256(content).hexdigest()}" in page().text
            served = requests.get(f"{index.upload}packages/{file.name}", timeout=30)
            assert served.content == content
        assert page().text.count("<a ") == 1
        assert requests.get(index.simple, timeout=30).text.count("<a ") == len({"one-two", "two"})
        file.unlink()
        assert page().status_code == NOT_FOUND
