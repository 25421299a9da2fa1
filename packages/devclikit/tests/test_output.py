"""Output that nobody can read ends in an exit code, and never in a traceback."""

from __future__ import annotations

import errno
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devclikit.output import Onward, is_hung_up

if TYPE_CHECKING:
    from collections.abc import Iterator

BROKEN = OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.fixture
def closed() -> Iterator[int]:
    """Return a terminal that was closed."""
    ours, theirs = pty.openpty()
    os.close(ours)
    yield theirs
    os.close(theirs)


PROGRAM = """
import sys
import click
from devclikit.boundary import Boundary
from devclikit.errors import Stop

@click.command()
def command():
    click.echo("hello")
    raise Stop("it can't be", "try another", exit_code=4)

sys.exit(Boundary("example").run(command))
"""


def code(output: int, error: int) -> int:
    """Run a program that writes to both streams, and return its exit code."""
    return run(output, error).returncode


def run(output: int, error: int) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", PROGRAM]
    return subprocess.run(line, stdout=output, stderr=error, text=True, check=False)


def test_what_is_said_last_changes_no_exit_code(closed: int) -> None:
    with Path("/dev/full").open("w") as full:
        for stream in (closed, full.fileno()):
            assert code(subprocess.DEVNULL, stream) == 4


def test_a_full_disk_is_no_bug() -> None:
    with Path("/dev/full").open("w") as full:
        done = run(full.fileno(), subprocess.PIPE)
    assert done.stderr == (
        "error: could not write the output: No space left on device\n"
        "hint: make room there; then run the same again\n"
    )
    assert done.returncode == 1


def test_a_terminal_that_was_closed_is_no_bug(closed: int) -> None:
    assert code(closed, subprocess.DEVNULL) == 129


def test_a_broken_disk_is_no_closed_terminal(closed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_hung_up(BROKEN)
    with os.fdopen(os.dup(closed), "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        assert is_hung_up(BROKEN)
        assert not is_hung_up(OSError(errno.ENOSPC, ""))


def test_what_goes_on_writes_nowhere_from_then_on(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        onward = Onward(full)
        for _ in range(3):
            onward.write("x" * 10_000)
            onward.flush()
        assert os.path.samestat(os.fstat(full.fileno()), Path(os.devnull).stat())
    with (tmp_path / "log").open("w") as log:
        Onward(log).write("kept")
    assert (tmp_path / "log").read_text() == "kept"
