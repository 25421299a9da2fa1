"""One release-sync at a time in one repository, and never a lock that a dead one left."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.lock import locked
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys, time
from pathlib import Path
from release_sync.effects.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
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
