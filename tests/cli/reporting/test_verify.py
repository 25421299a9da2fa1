"""`verify` shows whose attestations an index serves of a release; one that is wrong is an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.effects.attestations.test_provenance import REAL, SHA256, WHOSE
from tests.fakes.raw_index import JSON, Raw, raw_index
from tests.fakes.small_workspace import SmallWorkspace

from release_sync.cli.reporting.verify import command
from release_sync.effects.attestations.provenance import ACCEPT
from release_sync.effects.git.repository import open_repository
from release_sync.effects.git.seal_commit import write_tag
from release_sync.errors import Problem
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Sealed
from release_sync.seals.tag_objects import write_seal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.raw_index import RawIndex

MANIFEST = """\
[project]
name = "pypi-attestations"
version = "0.0.19"
[build-system]
requires = ["hatchling"]
[[tool.uv.index]]
name = "ours"
url = "{0}/simple/"
publish-url = "{0}/"
"""
FILES = ("pypi_attestations-0.0.19.tar.gz", "pypi_attestations-0.0.19.zip")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RawIndex]:
    """Serve two files of a release, of which the first has attestations; go to its workspace."""
    place = SmallWorkspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    with raw_index() as server:
        place.write("pyproject.toml", MANIFEST.format(server.url))
        head = place.commit()
        artifacts = tuple(Artifact("pypi-attestations", one, 1, SHA256) for one in FILES)
        sealed = Sealed("", head, head, "default", "0.0.19", "v0.0.19", "main", "ours",
                        (("pypi-attestations",),), artifacts, "0.2.0")  # fmt: skip
        tagger = "tagger A <a@example.com> 1700000000 +0000"
        text = f"object {head}\ntype commit\ntag v0.0.19\n{tagger}\n\n{write_seal(sealed, 'Done')}"
        repo = open_repository(str(tmp_path)).repo
        place.git("tag", "v0.0.19", write_tag(repo, text.encode()))
        serve(server, *FILES[:1])
        server.answers["/provenance"] = Raw(REAL, ACCEPT)
        yield server


def serve(server: RawIndex, *attested: str) -> None:
    """Serve both files, some of which have attestations: the same for all."""
    files = [
        {"filename": one, "url": one, "hashes": {"sha256": SHA256}}
        | ({"provenance": f"{server.url}/provenance"} if one in attested else {})
        for one in FILES
    ]
    page = {"meta": {"api-version": "1.3"}, "name": "pypi-attestations", "files": files}
    server.answers["/simple/pypi-attestations/"] = Raw(json.dumps(page).encode(), JSON)


def verify(*arguments: str) -> None:
    command.main([*arguments], "verify", standalone_mode=False)


def test_whose_they_are_is_shown(server: RawIndex, capsys: pytest.CaptureFixture[str]) -> None:
    verify("0.0.19")
    line = capsys.readouterr().out.splitlines()[-1]
    assert line == f"attested by {WHOSE}: attestations/publish/v1; signature verified (1 file)"
    verify("--json")
    told = json.loads(capsys.readouterr().out)
    attestation, *others = (one["attestations"] for one in told["files"])
    assert (told["ok"], others) == (True, [[]])
    assert (attestation[0]["publisher"], attestation[0]["signature"]) == (WHOSE, "verified")
    assert server.seen[-1][0] == "/provenance"


def test_one_of_another_file_is_an_error(
    server: RawIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(server, *FILES)
    server.answers["/provenance"] = Raw(REAL.replace(b'"GitHub"', b'"GitLab"'), ACCEPT)
    with pytest.raises(Problem, match="not every attestation that ours names for v0"):
        verify("--json")
    told = json.loads(capsys.readouterr().out)
    first, second = (one["attestations"][0] for one in told["files"])
    assert told["ok"] is False
    assert (first["problem"], first["signature"][:12]) == ("", "signature no")
    assert second["problem"] == f"it is about another file, {FILES[0]}"
