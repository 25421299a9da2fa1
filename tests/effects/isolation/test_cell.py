"""What a program leaves running is ended, and counted."""

from __future__ import annotations

import subprocess
import sys

import pytest

LEAVING = """
import os, time
from release_sync.effects.isolation import cell, kernel

def leave():
    for seconds in (0, 0, 60):
        if os.fork() == 0:
            time.sleep(seconds)
            os._exit(0)
    time.sleep(0.1)

kernel.reap_descendants()
cell.in_new_process(leave)
print(cell.end_descendants(), cell.end_descendants())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody gets the grandchildren")
def test_only_what_was_still_running_is_counted() -> None:
    """A process that nobody waited for has ended all the same."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVING], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == "1 0\n"
