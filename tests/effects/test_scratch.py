"""A scratch folder goes, whatever a build has left in it, and wherever it is."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.repository import Repository
from release_sync.effects.scratch import HELD, Scratch, of_this_process, remove

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_nobody_may_enter_is_removed(tmp_path: Path) -> None:
    """Root enters it all the same; for everybody else the first try leaves it."""
    inner = tmp_path / "scratch" / "members" / "work" / "work"
    (inner / "deep").mkdir(parents=True)
    (inner / "deep").chmod(0)
    (tmp_path / "not ours").mkdir(mode=0o750)
    (inner / "link").symlink_to(tmp_path / "not ours")
    inner.chmod(0)
    remove(tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists()
    assert (tmp_path / "not ours").stat().st_mode & 0o777 == 0o750
    remove(tmp_path / "scratch")  # it is not there, and that is fine


def test_what_a_run_that_died_left_elsewhere_is_found_by_the_next_one(tmp_path: Path) -> None:
    """In memory, say: it is recorded where it was."""
    repository = Repository(git.Repo.init(tmp_path / "repository"), "origin")
    memory = tmp_path / "memory"
    memory.mkdir()
    died, next_one = (Scratch(repository, tmp_path / "records") for _ in range(2))
    folder = died.make(memory)
    (folder / "environment").mkdir()
    assert [*memory.iterdir()] == [folder]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert next_one.sweep() == 1
    assert [*memory.iterdir()] == []


def test_what_died_in_memory_with_its_records_is_removed_by_any_run(tmp_path: Path) -> None:
    """A rehearsal keeps its records in its sandbox, which is of no other run."""
    repository = Repository(git.Repo.init(tmp_path / "repository"), "origin")
    memory, link = tmp_path / "memory", tmp_path / "memory" / "release-sync-link"
    (memory / "release-sync-died" / "environment").mkdir(parents=True)
    (memory / "somebody").mkdir()
    (tmp_path / "not ours").mkdir()
    link.symlink_to(tmp_path / "not ours")
    alive, other = (Scratch(repository, tmp_path / name) for name in ("alive", "other"))
    held = alive.make(memory)
    assert (memory / "release-sync-died").exists()  # it may have been made just now
    for one in memory.iterdir():
        os.utime(one, (1, 1))
    made = other.make(memory)
    assert {*memory.iterdir()} == {held, made, memory / "somebody", link}
    assert (tmp_path / "not ours").exists()
    assert other.sweep() == 1
    assert not made.exists()
    assert held.exists()


def test_what_a_process_left_that_died_goes_and_what_one_keeps_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("rehearsal-died", "rehearsal-link", "another-died"):
        (tmp_path / name).mkdir()
        (tmp_path / name / HELD).touch()
    (tmp_path / "rehearsal-link").rename(tmp_path / "not ours")
    (tmp_path / "rehearsal-link").symlink_to(tmp_path / "not ours")
    with of_this_process("rehearsal-") as kept:
        assert (tmp_path / "rehearsal-died").exists()  # it may have been made just now
    with of_this_process("rehearsal-") as held:
        for one in tmp_path.iterdir():
            os.utime(one, (1, 1))
        with of_this_process("rehearsal-") as other:
            there = {one.name for one in tmp_path.iterdir()} - {kept.name, held.name, other.name}
    assert there == {"rehearsal-link", "not ours", "another-died"}
    assert [one for one in (kept, held, other) if not one.exists()] == []
    assert not (kept / HELD).exists()
