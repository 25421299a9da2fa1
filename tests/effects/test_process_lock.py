"""One release-sync at a time in one repository, and never a lock that a dead one left."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from release_sync.effects import process_lock
from release_sync.effects.process_lock import locked, uploading
from release_sync.errors import Problem, Waiting

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys, time
from pathlib import Path
from release_sync.effects.process_lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""

UPLOAD = """
import subprocess, sys
from pathlib import Path
from release_sync.effects.process_lock import uploading
with uploading(Path(sys.argv[1]) / "uploading") as seen:
    subprocess.run(["sh", "-c", "echo begun; read line"], pass_fds=[seen])
"""


def test_a_second_process_is_refused_and_a_dead_one_is_in_nobodys_way(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Problem) as caught, locked(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
    assert "another release-sync is at work" in caught.value.message
    entered = False
    with locked(tmp_path):
        entered = True
    assert entered


def test_an_upload_that_outlives_its_run_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_lock, "UPLOAD_SECONDS", 0.3)
    command = [sys.executable, "-c", UPLOAD, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as uploader:
        assert uploader.stdin is not None
        assert uploader.stdout is not None
        assert uploader.stdout.readline() == "begun\n"
        uploader.kill()
        uploader.wait()
        with pytest.raises(Waiting) as caught, locked(tmp_path):
            pass
        assert "an upload is still going on" in caught.value.message
        uploader.stdin.close()
        monkeypatch.setattr(process_lock, "UPLOAD_SECONDS", 10)
        with locked(tmp_path), uploading(tmp_path / "uploading"):
            pass
