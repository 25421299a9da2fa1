"""What a program leaves running is ended, and counted."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.fakes.cells import isolation

from release_sync.effects.isolation import cell
from release_sync.effects.isolation.view import View

if TYPE_CHECKING:
    from pathlib import Path

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


def test_the_devices_of_a_cell_reach_no_disk(tmp_path: Path) -> None:
    """Root may open a disk by its name, and no read-only file system keeps it from writing."""
    words = "import os; print(*sorted(os.listdir('/dev'))); open('/dev/null', 'w').write('x')"
    process = isolation().start(
        [sys.executable, "-c", words], "/", {}, View(), tmp_path, stdout=subprocess.PIPE
    )
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    shown = said.decode().strip().split(" ")
    assert shown == sorted([*cell.DEVICES, "fd", "shm", "stderr", "stdin", "stdout"])
