"""Attestations that come with artifacts are checked, kept, sealed, and sent with them."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from tests.effects.attestations.test_provenance import FILE, REAL
from tests.fakes.oven import put

from release_sync.effects.attestations.files import take_attestations
from release_sync.effects.build.artifact_store import ArtifactStore
from release_sync.effects.index.address import Address
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem
from release_sync.seals.artifact import Artifact
from release_sync.seals.attestation import AttestationFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ATTESTATION = json.dumps(json.loads(REAL)["attestation_bundles"][0]["attestations"][0]).encode()
NAME = f"{FILE.filename}.publish.attestation"


@pytest.fixture
def handed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an artifact's attestation."""
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    folder = tmp_path / "handed"
    folder.mkdir()
    (folder / NAME).write_bytes(ATTESTATION)
    return folder


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


def test_one_that_holds_is_kept_and_named(handed: Path, incoming: Path) -> None:
    (artifact,) = take_attestations(handed, [FILE], incoming)
    digest = hashlib.sha256(ATTESTATION).hexdigest()
    assert artifact.attestations == (AttestationFile(NAME, digest),)
    assert (incoming / NAME).read_bytes() == ATTESTATION


def test_all_that_do_not_hold_are_named_at_once(handed: Path, incoming: Path) -> None:
    other = Artifact("kit", "kit-1.tar.gz", 1, FILE.sha256)
    (handed / f"{other.filename}.publish.attestation").write_bytes(ATTESTATION)
    (handed / f"{other.filename}.slsa.attestation").write_bytes(b"{}")
    (handed / "stranger-1.tar.gz.publish.attestation").write_bytes(ATTESTATION)
    (handed / "kit-1.attestation").symlink_to(handed / NAME)
    with pytest.raises(Problem) as raised:
        take_attestations(handed, [FILE, other], incoming)
    other_name = f"subject does not match distribution name: {FILE.filename} != kit-1.tar.gz"
    assert raised.value.message.removeprefix("attestations that don't hold: ").split("; ") == [
        "kit-1.attestation: it lies beside no artifact of this release",
        f"kit-1.tar.gz.publish.attestation: {other_name}",
        "kit-1.tar.gz.slsa.attestation: it is no attestation as PEP 740 has it",
        "stranger-1.tar.gz.publish.attestation: it lies beside no artifact of this release",
    ]  # fmt: skip


def test_without_the_library_it_says_how_to_install_it(
    handed: Path, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypi_attestations", None)
    with pytest.raises(Problem, match="which can't be checked here") as raised:
        take_attestations(handed, [FILE], incoming)
    assert "`pip install 'pypi-attestations>=" in raised.value.hint
    (handed / NAME).unlink()
    assert take_attestations(handed, [FILE], incoming) == (FILE,)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[PackageIndex, list[bytes]]]:
    """An index that takes everything, and what was sent to it."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take it."""
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        environ = {"UV_PUBLISH_USERNAME": "a", "UV_PUBLISH_PASSWORD": "b", "HOME": str(tmp_path)}
        address = Address("ours", f"{url}simple/", url)
        yield PackageIndex(address, Uv(environ), tmp_path), sent
        server.shutdown()


def test_they_are_sent_with_their_artifacts_also_by_another_run(
    tmp_path: Path, index: tuple[PackageIndex, list[bytes]]
) -> None:
    store = ArtifactStore(tmp_path / "store")
    store.renew()
    wheel = put(store.incoming, "kit", "1", {"kit.py": ""})
    kept = {f"{wheel.name}.{kind}.attestation": f'{{"kind":"{kind}"}}' for kind in ("publish", "x")}
    for name, text in kept.items():
        (store.incoming / name).write_text(text)
    named = tuple(
        AttestationFile(name, hashlib.sha256(text.encode()).hexdigest())
        for name, text in kept.items()
    )
    content = wheel.read_bytes()
    artifact = Artifact("kit", wheel.name, 1, hashlib.sha256(content).hexdigest(), named)
    store.accept()
    resumed, begun = ArtifactStore(tmp_path / "store"), list[str]()
    assert resumed.has([artifact])
    with resumed.copies([artifact]) as files:
        assert {file.name for file in files} == {wheel.name, *kept}
        index[0].upload(files, begun.append)
    (sent,) = index[1]
    (form,) = re.findall(rb'name="attestations"\r\n\r\n(.*?)\r\n--', sent)
    assert sorted(json.loads(form), key=str) == [{"kind": "publish"}, {"kind": "x"}]
    assert begun == [wheel.name]
    (store.folder / named[0].filename).chmod(0o600)
    (store.folder / named[0].filename).write_text("another")
    assert not resumed.has([artifact])
    with pytest.raises(Problem, match="is not what the seal says"), resumed.copies([artifact]):
        pytest.fail("it was to be sent")
