"""What was begun for a release ends with it, whatever it waits for."""

from __future__ import annotations

from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

import git
import pytest

from release_sync.effects import opened
from release_sync.effects.opened import open_workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_who_interrupts_waits_for_no_trial_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = Event()
    monkeypatch.setattr(opened, "choose", lambda _: hangs.wait(20))
    repo = git.Repo.init(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "kit"\nversion = "1.0"\n')
    repo.git.add("-A")
    repo.git.commit("-qm", "Begin")
    began = monotonic()
    with pytest.raises(KeyboardInterrupt), open_workspace(str(tmp_path)).begun():
        raise KeyboardInterrupt
    hangs.set()
    assert monotonic() - began < 10
