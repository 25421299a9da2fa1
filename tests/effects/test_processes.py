"""Whoever is interrupted ends all that is at work, in whatever thread, and begins nothing more."""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from release_sync.effects.processes import Children
from release_sync.effects.world.clock import SystemClock

PARENT = """
import subprocess, sys
from pathlib import Path
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
Path("pid").write_text(str(child.pid))
child.wait()
"""


def test_a_program_of_another_thread_ends_with_what_it_started(tmp_path: Path) -> None:
    children = Children()
    line = [sys.executable, "-c", PARENT]
    with ThreadPoolExecutor(2) as pool:
        working = pool.submit(children.run, line, tmp_path, os.environ, 60)
        waiting = pool.submit(SystemClock(children).sleep, 60)
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.02)
        began = time.monotonic()
        children.stop()
        for one in (working, waiting):
            with pytest.raises(KeyboardInterrupt):
                one.result(10)
    assert time.monotonic() - began < 10
    child = int((tmp_path / "pid").read_text())
    while not ended(child):  # it was killed, and the system may take its time
        assert time.monotonic() - began < 20
        time.sleep(0.02)
    with pytest.raises(KeyboardInterrupt):
        children.run(line, tmp_path, os.environ, 60)


def ended(pid: int) -> bool:
    """Return whether a process is gone, or a zombie that nobody has asked about yet."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def test_what_a_program_says_is_heard_while_it_runs_and_returned(tmp_path: Path) -> None:
    line = "import sys; print('one', file=sys.stderr, flush=True); sys.stdin.read(); print('out')"
    told: list[str] = []
    heard = threading.Event()

    def hear(words: str) -> None:
        told.append(words)
        heard.set()

    slow = f"{line}; import pathlib, time\nwhile not pathlib.Path('go').exists(): time.sleep(0.01)"
    slow += "\nprint('two', file=sys.stderr)"
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(
            Children().run, [sys.executable, "-c", slow], tmp_path, os.environ, 60, heard=hear
        )
        assert heard.wait(30)
        assert told == ["one\n"]
        (tmp_path / "go").touch()
        done = run.result(30)
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "one\ntwo\n", 0)
    assert told == ["one\n", "two\n"]
