"""Whoever can write where artifacts are kept neither changes what is sent, nor is followed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.build.artifact_store import ArtifactStore
from release_sync.errors import Problem, Refused
from release_sync.seals.artifact import Artifact

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "low-1-py3-none-any.whl"
ONE = Artifact("low", NAME, 3, hashlib.sha256(b"one").hexdigest())


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    """Return a store that keeps one artifact."""
    kept = ArtifactStore(tmp_path / "artifacts/default")
    kept.renew()
    (kept.incoming / NAME).write_bytes(b"one")
    kept.accept()
    return kept


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def overwrite(file: Path, content: bytes = b"two") -> None:
    file.chmod(0o600)
    file.write_bytes(content)


def test_nobody_else_may_enter_what_is_kept_and_what_is_sent(store: ArtifactStore) -> None:
    assert (mode(store.folder), mode(store.folder / NAME)) == (0o700, 0o400)
    with store.copies([ONE]) as (file,):
        assert (mode(file.parent), mode(file)) == (0o700, 0o400)
        assert file.parent != store.folder
    store.renew()
    assert mode(store.incoming) == 0o700


def test_what_is_kept_may_change_once_it_is_being_sent(store: ArtifactStore) -> None:
    with store.copies([ONE]) as (file,):
        overwrite(store.folder / NAME)
        assert file.read_bytes() == b"one"


def test_what_changed_before_it_is_sent_is_not_sent(store: ArtifactStore) -> None:
    overwrite(store.folder / NAME)
    with pytest.raises(Problem, match="is not what the seal says"), store.copies([ONE]):
        pytest.fail("it was to be sent")


def send(store: ArtifactStore, change: Callable[[Path], None]) -> None:
    with store.copies([ONE]) as (file,):
        change(file)


def refuse(file: Path) -> None:
    overwrite(file)
    raise Refused("403")


@pytest.mark.parametrize("change", [overwrite, Path.unlink, refuse])
def test_a_copy_that_changed_is_said_whatever_became_of_it(
    store: ArtifactStore, change: Callable[[Path], None]
) -> None:
    with pytest.raises(Problem, match="was changed by another program") as problem:
        send(store, change)
    assert not isinstance(problem.value, Refused), "a refusal would undo the release"


def test_no_copy_is_left(store: ArtifactStore) -> None:
    with store.copies([ONE]):
        pass
    with pytest.raises(Refused), store.copies([ONE]):
        raise Refused("403")
    assert list(store.folder.parent.iterdir()) == [store.folder]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_not_taken_for_one(
    store: ArtifactStore, kind: str, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").write_bytes(b"one")
    for folder in (store.folder, store.incoming):
        if folder == store.incoming:
            store.renew()
        file = folder / NAME
        file.unlink(missing_ok=True)
        match kind:
            case "link":
                file.symlink_to(tmp_path / "elsewhere")
            case "pipe":
                os.mkfifo(file)
            case _:
                file.mkdir()
    assert not store.has([ONE])
    with pytest.raises(Problem):
        store.path(ONE)
    with pytest.raises(Problem), store.copies([ONE]):
        pytest.fail("it was to be sent")
    with pytest.raises(Problem):
        store.accept()
    assert mode(tmp_path / "elsewhere") != 0o400


def test_links_in_place_of_folders_are_not_followed(store: ArtifactStore, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / NAME).write_bytes(b"mine")
    before = mode(elsewhere / NAME)
    store.incoming.symlink_to(elsewhere)
    with pytest.raises(Problem, match="symbolic link"):
        store.accept()
    store.renew()
    assert not store.incoming.is_symlink()
    (store.incoming / NAME).write_bytes(b"one")
    store.clear()
    store.folder.symlink_to(elsewhere)
    store.renew()
    (store.incoming / NAME).write_bytes(b"one")
    store.accept()
    assert store.has([ONE])
    store.clear()
    store.folder.symlink_to(elsewhere)
    store.clear()
    assert list(store.folder.parent.iterdir()) == []
    assert (elsewhere / NAME).read_bytes() == b"mine"
    assert mode(elsewhere / NAME) == before
