"""The port ``Store``: what is kept is what the seal says, in memory and for real."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from tests.effects.attestations.test_files import ATTESTATION, NAME
from tests.effects.attestations.test_provenance import FILE
from tests.fakes.world import FakeStore

from release_sync.effects.build.artifact_store import ArtifactStore
from release_sync.errors import Problem, Refused
from release_sync.seals.artifact import Artifact
from release_sync.seals.attestation import AttestationFile

if TYPE_CHECKING:
    from release_sync.steps.ports.workbench import Store

ATTESTED = Path(__file__).parents[1] / "effects/attestations" / FILE.filename
"""A real sdist; an attestation of it is beside it."""


class Stored(Protocol):
    """A store, and a build that puts files where it will accept them."""

    store: Store

    def arrive(self, files: dict[str, bytes]) -> None:
        """Build these files."""
        ...


class InMemory:
    """The fake."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.fake = FakeStore()
        self.store: Store = self.fake

    def arrive(self, files: dict[str, bytes]) -> None:
        """Keep their hashes."""
        self.fake.incoming = {name: digest(content) for name, content in files.items()}


class Real:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        """Keep nothing yet."""
        self.folder = ArtifactStore(folder / "default")
        self.store: Store = self.folder

    def arrive(self, files: dict[str, bytes]) -> None:
        """Write them."""
        self.folder.renew()
        for name, content in files.items():
            (self.folder.incoming / name).write_bytes(content)


@pytest.fixture(params=["in memory", "real"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Stored:
    return InMemory() if request.param == "in memory" else Real(tmp_path)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def artifact(name: str, content: bytes) -> Artifact:
    return Artifact("low", name, len(content), digest(content))


ONE, TWO = artifact("low-1.whl", b"one"), artifact("low-1.tar.gz", b"two")


def test_what_is_built_is_not_kept_before_it_is_accepted(stored: Stored) -> None:
    stored.arrive({ONE.filename: b"one", TWO.filename: b"two"})
    assert not stored.store.has([ONE])
    stored.store.accept()
    assert stored.store.has([ONE, TWO])


def test_the_same_name_is_not_the_same_file(stored: Stored) -> None:
    stored.arrive({ONE.filename: b"another"})
    stored.store.accept()
    assert not stored.store.has([ONE])


def test_what_is_sent_is_what_the_seal_names_and_nothing_else(stored: Stored) -> None:
    stored.arrive({ONE.filename: b"one", TWO.filename: b"another"})
    stored.store.accept()
    with stored.store.copies([ONE]) as files:
        assert [file.name for file in files] == [ONE.filename]
    for one in (TWO, artifact("low-2.whl", b"")):
        with pytest.raises(Problem), stored.store.copies([ONE, one]):
            pytest.fail("it was to be sent")


def test_an_attestation_is_kept_and_sent_with_its_artifact(stored: Stored) -> None:
    name = f"{ONE.filename}.publish.attestation"
    attested = replace(ONE, attestations=(AttestationFile(name, digest(b"signed")),))
    stored.arrive({ONE.filename: b"one", name: b"signed"})
    stored.store.accept()
    assert stored.store.has([attested])
    with stored.store.copies([attested]) as files:
        assert [file.name for file in files] == [ONE.filename, name]
    for content in (b"forged", None):
        stored.arrive({ONE.filename: b"one"} | ({name: content} if content else {}))
        stored.store.accept()
        assert not stored.store.has([attested])
        assert stored.store.has([ONE])
        with pytest.raises(Problem), stored.store.copies([attested]):
            pytest.fail("it was to be sent")


def test_what_was_built_elsewhere_is_kept_as_it_is(stored: Stored, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / ONE.filename).write_bytes(b"one")
    stored.arrive({TWO.filename: b"two"})
    stored.store.accept()
    assert stored.store.collect(tmp_path / "wheels", [(ONE.member, ONE.filename)]) == (ONE,)
    assert stored.store.has([ONE])
    assert not stored.store.has([TWO])
    with pytest.raises(Refused, match=r"low-2\.whl is not in"):
        stored.store.collect(tmp_path / "wheels", [(ONE.member, "low-2.whl")])


def test_an_attestation_is_collected_with_its_artifact(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    handed = tmp_path / "handed"
    handed.mkdir()
    shutil.copy(ATTESTED, handed)
    (handed / NAME).write_bytes(ATTESTATION)
    (found,) = stored.store.collect(handed, [(FILE.member, FILE.filename)])
    assert found == replace(FILE, attestations=(AttestationFile(NAME, digest(ATTESTATION)),))
    assert stored.store.has([found])
    stored.store.clear()
    stored.store.take(handed, [found])
    assert stored.store.has([found])


def test_an_attestation_of_other_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE.filename).write_bytes(b"other bytes")
    (tmp_path / NAME).write_bytes(ATTESTATION)
    store = ArtifactStore(tmp_path / "kept")
    with pytest.raises(Refused, match=f"{re.escape(NAME)}: subject does not match") as refused:
        store.collect(tmp_path, [(FILE.member, FILE.filename)])
    assert refused.value.hint.startswith("make them anew")
    assert not store.folder.exists()
    assert not store.incoming.exists()


def test_a_new_build_takes_the_place_of_the_old_one(stored: Stored) -> None:
    for files in ({ONE.filename: b"one"}, {TWO.filename: b"two"}):
        stored.arrive(files)
        stored.store.accept()
    assert not stored.store.has([ONE])
    assert stored.store.has([TWO])


def test_nothing_is_left_after_clearing(stored: Stored) -> None:
    stored.arrive({ONE.filename: b"one"})
    stored.store.accept()
    stored.arrive({TWO.filename: b"two"})
    stored.store.clear()
    stored.store.clear()
    assert not stored.store.has([ONE])
    assert stored.store.has([])
    with pytest.raises(Problem), stored.store.copies([ONE]):
        pytest.fail("it was to be sent")
