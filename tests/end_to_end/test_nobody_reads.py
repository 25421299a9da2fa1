"""Nobody reads the output any more: a pipe's reader has left, or the terminal was closed."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_interruption import MAIN, SECONDS, never_stores, published_through

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

ONE: dict[str, tuple[str, ...]] = {"one": ()}
IGNORING = f"import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n{MAIN}"


IN_TERMINAL = """
import fcntl, os, sys, termios
terminal = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
for stream in (0, 1, 2):
    os.dup2(terminal, stream)
os.execv(sys.executable, [sys.executable, "-c", *sys.argv[2:]])
"""
"""Runs a program with a terminal that controls it: closing that sends SIGHUP."""


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, scene: Scene, *arguments: str, program: str = MAIN) -> None:
        """Start it."""
        self.screen, theirs = pty.openpty()
        line = [sys.executable, "-c", IN_TERMINAL, os.ttyname(theirs), program, *arguments]
        environ = {**scene.environ, "TERM": "xterm"}
        self.process = subprocess.Popen(line, cwd=scene.clone, env=environ, start_new_session=True)
        self.theirs = theirs

    def wait_until(self, seen: Callable[[], bool]) -> None:
        """Wait for something that it brings about; what it shows meanwhile is read."""
        until = time.monotonic() + 60
        while not seen():
            assert time.monotonic() < until
            if select.select([self.screen], [], [], 0.02)[0]:
                os.read(self.screen, 4096)

    def close(self) -> int:
        """Close the terminal, and return the exit code once the program has ended."""
        os.close(self.theirs)
        os.close(self.screen)
        return self.process.wait(timeout=60)


def left(scene: Scene) -> list[Path]:
    """Return what is left in the temporary folder: the report of a bug, above all."""
    return list((scene.folder / "temporary").iterdir())


def test_a_release_whose_terminal_is_closed_is_interrupted(
    make_scene: Callable[[Mapping[str, tuple[str, ...]]], Scene],
) -> None:
    scene = make_scene(ONE)
    with published_through(scene, never_stores) as index:
        terminal = Terminal(scene, "publish", "--yes")
        terminal.wait_until(lambda: bool(index.asked))
        began = time.monotonic()
        assert terminal.close() == 128 + signal.SIGHUP
        assert time.monotonic() - began < SECONDS / 2
    assert left(scene) == []
    assert len(scene.git("worktree", "list").splitlines()) == 1
    assert "its upload has begun" in scene.run("status").stdout


def test_a_release_that_ignores_the_end_of_its_terminal_goes_on(
    make_scene: Callable[[Mapping[str, tuple[str, ...]]], Scene],
) -> None:
    scene = make_scene(ONE)
    seen = scene.folder / "seen"
    hook = scene.clone / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\ntouch {seen}\nsleep 1\n")
    hook.chmod(0o755)
    terminal = Terminal(scene, "publish", "--yes", program=IGNORING)
    terminal.wait_until(seen.exists)
    assert terminal.close() == 0
    assert left(scene) == []
    assert "refs/tags/v0.1.11" in scene.refs()


def test_a_question_on_a_terminal_that_is_closed_is_not_answered(scene: Scene) -> None:
    before = scene.state()
    terminal = Terminal(scene, "publish")
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(terminal.screen, 4096)
    assert terminal.close() == 128 + signal.SIGHUP
    assert left(scene) == []
    assert scene.state() == before


@pytest.fixture
def hung_up() -> Iterator[int]:
    """Return a terminal that was closed: whatever is written to it fails with EIO."""
    ours, theirs = pty.openpty()
    os.close(ours)
    yield theirs
    os.close(theirs)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("plan",), 129),
        (("plan", "--json"), 129),
        (("status",), 129),
        (("--help",), 129),
        (("publish", "--bump", "none", "--version", "1"), 2),
    ],
)
def test_a_command_whose_terminal_is_closed_is_no_bug(
    scene: Scene, hung_up: int, arguments: tuple[str, ...], code: int
) -> None:
    line = [sys.executable, "-m", "release_sync.cli.main", *arguments]
    done = subprocess.run(
        line, cwd=scene.clone, env=scene.environ, stdin=hung_up, stdout=hung_up, stderr=hung_up,
        check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert left(scene) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan",),
        ("plan", "--json"),
        ("publish", "--dry-run"),
        ("status",),
        ("verify", "v0.1.11"),
        ("explain",),
    ],
)
def test_a_reader_that_leaves_is_no_error(scene: Scene, arguments: tuple[str, ...]) -> None:
    if "verify" in arguments:
        assert scene.run("publish", "--yes").returncode == 0
    assert piped(scene, *arguments) == 141
    assert left(scene) == []


def piped(scene: Scene, *arguments: str) -> int:
    """Run a command whose output goes to a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    line = [sys.executable, "-m", "release_sync.cli.main", *arguments]
    done = subprocess.run(
        line, cwd=scene.clone, env=scene.environ, stdin=subprocess.DEVNULL, stdout=writing,
        stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    return done.returncode


def test_a_release_goes_on_when_nobody_reads_its_events(scene: Scene) -> None:
    assert piped(scene, "publish", "--yes", "--json") == 0
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert left(scene) == []


def redirected(scene: Scene, where: str, *options: str) -> int:
    """Publish with a shell's redirection."""
    words = " ".join(("publish", "--yes", *options, where))
    line = f"{sys.executable} -m release_sync.cli.main {words}"
    done = subprocess.run(["sh", "-c", line], cwd=scene.clone, env=scene.environ, check=False)
    return done.returncode


@pytest.mark.parametrize(
    ("where", "options"),
    [
        (">&-", "--json"),
        ("2>&-", "--yes"),
        ("<&- >&- 2>&-", "--yes"),
        pytest.param(">&-", "--yes", marks=pytest.mark.slow),
        pytest.param("2>&-", "--json", marks=pytest.mark.slow),
        (">/dev/full", "--json"),
        ("2>/dev/full", "--yes"),
    ],
)
def test_a_release_goes_on_when_its_output_can_not_be_written(
    scene: Scene, where: str, options: str
) -> None:
    assert redirected(scene, where, options) == 0
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}
    assert left(scene) == []
