"""The seal is also the lock, so no two seals may be the same object; and where it is verified."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_verify import made

from release_sync.effects import workbench
from release_sync.effects.build.artifact_store import sha256
from release_sync.effects.opening import open_context
from release_sync.effects.uv.program import find_uv
from release_sync.effects.workbench import ScratchWorkbench
from release_sync.errors import Problem
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from pathlib import Path

ROOT = '[project]\nname = "one"\nversion = "0.1.0"\n[tool.uv.workspace]\nmembers = []\n'


def test_two_seals_of_the_same_release_in_the_same_second_differ(tmp_path: Path) -> None:
    """Two clones with one identity: a push of the same object would succeed on both."""
    (tmp_path / "pyproject.toml").write_text(ROOT, encoding="utf-8")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    context = open_context(str(tmp_path))
    seals = []
    for _ in range(2):
        bench = context.world("default").workbench
        assert isinstance(bench, ScratchWorkbench)
        bench.open("HEAD")
        head = context.repository.head()
        seals.append(bench.make_tag("v0.1.1", head, "Published one 0.1.1\n\n"))
        bench.close()
    assert seals[0] != seals[1]


def test_what_finds_no_room_in_memory_is_verified_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """uv's words for it are of its own system, and so is the disk."""
    memory, tools = tmp_path / "memory", tmp_path / "tools"
    for folder in (memory, tools, top := tmp_path / "top"):
        folder.mkdir()
    (top / "pyproject.toml").write_text(ROOT, encoding="utf-8")
    member, files = made(top, "kit")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run(["git", *arguments], cwd=top, check=True)
    full = "echo 'error: failed to create a link: No space left on device (os error 28)' >&2"
    script = f'case "$*" in *{memory}*) {full}; exit 2;; esac\nexec {find_uv()} "$@"\n'
    (tools / "uv").write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    (tools / "uv").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(workbench, "folder_in_memory", lambda: memory)
    bench = open_context(str(top)).world("default").workbench
    assert isinstance(bench, ScratchWorkbench)
    bench.open("HEAD")
    bench.store.renew()
    for one in files:
        one.rename(bench.store.incoming / one.name)
    bench.store.accept()
    kept = [bench.store.folder / one.name for one in files]
    artifacts = [Artifact("kit", one.name, one.stat().st_size, sha256(one)) for one in kept]
    with pytest.raises(Problem, match="No module named 'nobody_has_this'") as raised:
        bench.verify([member], artifacts, to_nobody)
    assert "No space" not in raised.value.message
    bench.close()
    assert [*memory.iterdir()] == []
