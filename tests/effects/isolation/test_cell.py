"""What a program leaves running is ended, and counted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from tests.fakes.cells import isolation

from release_sync.effects.isolation import cell
from release_sync.effects.isolation.isolation import SOURCES
from release_sync.effects.isolation.view import Mount, View

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture
def python() -> Iterator[Path]:
    """Yield a Python that is installed below /tmp: its program is there, its library linked."""
    with TemporaryDirectory(dir=cell.FRESH[0]) as name:
        place = Path(name, "python")
        program = place / "bin" / Path(sys.executable).resolve().name
        program.parent.mkdir(parents=True)
        shutil.copy2(Path(sys.executable).resolve(), program)
        (place / "lib").symlink_to(Path(sysconfig.get_path("stdlib")).parent)
        line = [str(program), "-I", "-c", "import sys; print(sys.base_prefix)"]
        said = subprocess.run(line, capture_output=True, text=True, check=False)
        if said.stdout.strip() != str(place):
            pytest.skip(f"this Python does not run elsewhere: {said.stderr[-200:]}")
        yield program


NARROW = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from release_sync.effects.isolation import cell

def tried(act, *given):
    try:
        return act(*given)
    except OSError as error:
        return error.errno

def look():
    place = os.path.dirname(os.path.dirname(sys.executable))
    import colorsys  # what is not imported yet
    said = [sorted(os.listdir(place)), tried(os.mkdir, place + "/new"), os.listdir("/tmp")]
    os.write(1, json.dumps([*said, tried(os.mkdir, "/tmp/new")]).encode())

cell.separate(network=True)
sys.exit(cell.as_first(lambda: cell.narrow(cell.MEMBERS + "/one"), look))
"""


def test_a_python_that_is_installed_below_a_private_folder_is_seen_in_both_cells(
    tmp_path: Path, python: Path
) -> None:
    """It alone, and read-only."""
    for name in ("member", "members/one", "sources", *(f"members/one/{one}" for one in cell.FIXED)):
        (tmp_path / "shared" / name).mkdir(parents=True)
    (tmp_path / "root").mkdir()
    place = str(python.parents[1])
    shared = Mount(str(tmp_path / "shared"), cell.INSIDE, writable=True)
    mounts = (Mount(place, place), Mount(SOURCES, SOURCES), shared)  # we may be below /tmp, too
    process = isolation().start(
        [str(python), "-I", "-c", NARROW, SOURCES], "/", {},
        View(mounts, fresh=cell.FRESH, nests=True), tmp_path / "root",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    said, words = process.communicate(timeout=60)
    assert process.returncode == 0, words
    assert json.loads(said) == [["bin", "lib"], 30, [python.parts[2]], None]
