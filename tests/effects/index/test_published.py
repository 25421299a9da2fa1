"""What wheels require, read from an index that may send anything."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version
from tests.fakes.raw_index import JSON, Raw, RawIndex, raw_index

from release_sync.audit.published import Kind
from release_sync.effects.build.archives import LARGEST_METADATA
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.index.published import (
    PublishedProjects,
    required_by,
)
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEEL = "app-1.0-py3-none-any.whl"
METADATA = b"Metadata-Version: 2.1\nName: app\nVersion: 1.0\nRequires-Dist: kit==1.0\n\nText\n"


def wheel(metadata: bytes = METADATA, path: str = "app-1.0.dist-info/METADATA") -> bytes:
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("vendored-9.dist-info/METADATA", METADATA.replace(b"kit", b"other"))
            archive.writestr(path, metadata)
        return out.getvalue()


@pytest.fixture
def server() -> Iterator[RawIndex]:
    with raw_index() as server:
        yield server


def asked(server: RawIndex, **file: object) -> tuple[Reply, list[str] | None, list[str]]:
    """Return the answer, what the wheel requires, and what was asked for."""
    files = [
        {"filename": WHEEL, "url": f"/f/{WHEEL}", "hashes": {"sha256": "5F" * 32}, **file},
        {"filename": "app-1.0.tar.gz", "url": "/f/s", "hashes": {}, "yanked": "broken"},
        {"filename": "app-1.0.exe", "url": "/f/e", "hashes": {}},
    ]
    page = {"meta": {"api-version": "1.1"}, "name": "app", "files": files}
    server.answers["/simple/app/"] = Raw(json.dumps(page).encode(), JSON)
    index = PublishedProjects(PackageIndex(server.address(), None, Path()))
    reply, project, _ = index.project("app")
    one, sdist = project.files[Version("1.0")]
    assert (one.kind, one.sha256, one.is_yanked) == (Kind.WHEEL, "5f" * 32, False)
    assert (sdist.kind, sdist.is_yanked) == (Kind.SDIST, True)
    said = index.requirements(one)
    found = None if said is None else [str(it) for it in said]
    return reply, found, [path for path, _ in server.seen[1:]]


@pytest.mark.parametrize("said", [True, {"sha256": "5f" * 32}])
def test_separate_metadata_are_read_where_the_index_has_them(
    server: RawIndex, said: object
) -> None:
    server.answers[f"/f/{WHEEL}.metadata"] = Raw(METADATA, "text/plain")
    found = asked(server, **{"core-metadata": said})
    assert found == (Reply.PAGE, ["kit==1.0"], [f"/f/{WHEEL}.metadata"])


def test_otherwise_the_wheel_is_read_and_its_own_metadata_count(server: RawIndex) -> None:
    server.answers[f"/f/{WHEEL}"] = Raw(wheel(), "application/zip")
    assert asked(server) == (Reply.PAGE, ["kit==1.0"], [f"/f/{WHEEL}"])


def test_what_is_not_there_or_never_ends_is_unknown(server: RawIndex) -> None:
    assert asked(server)[1] is None
    server.answers[f"/f/{WHEEL}"] = Raw((b"x" * (1 << 20) for _ in range(1 << 20)), sized=False)
    assert asked(server)[1] is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 cut off",
        wheel()[:-30],
        wheel(path="app-2.0.dist-info/METADATA"),
        wheel(METADATA.replace(b"kit==1.0", b"kit=!1.0")),
        wheel(METADATA + b"x" * LARGEST_METADATA),
        wheel(b"\xff\xfe" * 100),
    ],
)
def test_no_wheel_breaks_who_reads_it(content: bytes) -> None:
    assert not required_by(content, WHEEL)


def test_metadata_that_are_no_requirements_are_unknown_and_not_none() -> None:
    assert required_by(METADATA.replace(b"kit==1.0", b"kit @@ nowhere")) is None
    assert required_by(METADATA.replace(b"Requires-Dist", b"Requires-Other")) == ()
