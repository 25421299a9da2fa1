"""The attestations of a file say whose it is, and hold for its bytes; or what is wrong is said."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.raw_index import JSON, Raw, raw_index

from release_sync.effects.attestations.provenance import ACCEPT, attestations, parse
from release_sync.effects.attestations.signature import MISSING
from release_sync.effects.index.released_index import ReleasedIndex
from release_sync.seals.artifact import Artifact
from release_sync.seals.attestation import VERIFIED, Attestation
from release_sync.steps.observed import Observed

REAL = Path(__file__).with_name("real.provenance").read_bytes()
"""What PyPI serves of this file: it was signed in a job of GitHub's, and is in a public log."""
SHA256 = "9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3"
FILE = Artifact("pypi-attestations", "pypi_attestations-0.0.19.tar.gz", 29882, SHA256)
WHOSE = "GitHub trailofbits/pypi-attestations, release.yml"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sigstore keep its roots of trust in a folder of the test."""
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def only(content: bytes, artifact: Artifact = FILE) -> Attestation:
    (found,) = parse(content, artifact)
    return found


def changed(**publisher: str) -> bytes:
    provenance = json.loads(REAL)
    provenance["attestation_bundles"][0]["publisher"].update(publisher)
    return json.dumps(provenance).encode()


def test_a_real_one_is_read_and_its_signature_verified() -> None:
    found = only(REAL)
    assert (found.publisher, found.signature, found.problem) == (WHOSE, VERIFIED, "")
    assert found.words == f"{WHOSE}: attestations/publish/v1; signature verified"


def test_where_the_library_is_not_installed_it_says_how_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypi_attestations", None)
    found = only(REAL)
    assert (found.publisher, found.signature, found.problem) == (WHOSE, MISSING, "")
    assert only(REAL, replace(FILE, sha256="0" * 64)).problem != ""


@pytest.mark.parametrize(
    ("artifact", "problem"),
    [
        (replace(FILE, sha256="0" * 64), f"it is about other bytes, of sha256 {SHA256[:12]}"),
        (
            replace(FILE, filename="pypi_attestations-0.0.20.tar.gz"),
            f"it is about another file, {FILE.filename}",
        ),
    ],
)
def test_one_of_another_file_is_a_problem(artifact: Artifact, problem: str) -> None:
    assert only(REAL, artifact).problem == problem


def test_who_did_not_sign_is_not_believed() -> None:
    found = only(changed(repository="stranger/kit"))
    assert found.problem.startswith("its signature is invalid: Certificate's OIDCSourceRepository")
    other = json.loads(REAL)
    envelope = other["attestation_bundles"][0]["attestations"][0]["envelope"]
    statement = {"subject": [{"name": FILE.filename, "digest": {"sha256": "0" * 64}}],
                 "predicateType": "x"}  # fmt: skip
    envelope["statement"] = b64encode(json.dumps(statement).encode()).decode()
    forged = only(json.dumps(other).encode(), replace(FILE, sha256="0" * 64))
    assert forged.problem.startswith("its signature is invalid: ")


def test_a_publisher_of_a_kind_that_is_not_known_is_shown_and_not_verified() -> None:
    found = only(changed(kind="Forge\x1b", environment="release"))
    assert found.publisher == "Forge? trailofbits/pypi-attestations, release.yml, release"
    assert found.signature.startswith("signature not verified: ")
    assert found.problem == ""


STATEMENT = {"predicateType": "x", "subject": []}


def with_statement(statement: object) -> dict[str, Any]:
    text = b64encode(json.dumps(statement).encode()).decode()
    one = {"envelope": {"statement": text}}
    bundle = {"publisher": {"kind": "x"}, "attestations": [one]}
    return {"version": 1, "attestation_bundles": [bundle]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"version": 2, "attestation_bundles": []}',
        b'{"version": 1, "attestation_bundles": []}',
        b'{"version": 1, "attestation_bundles": [{"publisher": null, "attestations": [{}]}]}',
        json.dumps(with_statement(STATEMENT)).encode(),
        json.dumps(with_statement({"predicateType": "x", "subject": 1})).encode(),
        json.dumps(with_statement({**STATEMENT, "predicateType": "//["})).encode(),
    ],
)
def test_what_is_none_is_a_problem_and_no_traceback(content: bytes) -> None:
    assert only(content).problem != ""


def test_an_index_names_it_in_its_page_and_what_it_does_not_give_is_said(tmp_path: Path) -> None:
    with raw_index() as server:
        page = {
            "meta": {"api-version": "1.3"}, "name": FILE.member,
            "files": [{"filename": FILE.filename, "url": f"{server.url}/x", "hashes":
                       {"sha256": SHA256}, "provenance": f"{server.url}/provenance"}],
        }  # fmt: skip
        server.answers[f"/simple/{FILE.member}/"] = Raw(json.dumps(page).encode(), JSON)
        index = ReleasedIndex(server.address(), None, tmp_path)
        seen, yanked, url = index.look_up_released([FILE])[0]
        assert (seen, yanked, url) == (Observed.EXACT, False, f"{server.url}/provenance")
        (found,) = attestations(index, FILE, url)
        assert found.problem == "the provenance can't be had: it answers 404"
        server.answers["/provenance"] = Raw(REAL, ACCEPT)
        assert attestations(index, FILE, url) == (only(REAL),)
