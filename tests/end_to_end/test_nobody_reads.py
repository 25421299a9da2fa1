"""Nobody reads the output any more: a pipe's reader has left, or the terminal was closed."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_interruption import MAIN, SECONDS, never_stores, published_through
from tests.fakes.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

ONE: dict[str, tuple[str, ...]] = {"one": ()}
IGNORING = f"import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n{MAIN}"


def left(scene: Scene) -> list[Path]:
    """Return what is left in the temporary folder: the report of a bug, above all."""
    return list((scene.folder / "temporary").iterdir())


def test_a_release_whose_terminal_is_closed_is_interrupted(
    make_scene: Callable[[Mapping[str, tuple[str, ...]]], Scene],
) -> None:
    scene = make_scene(ONE)
    with published_through(scene, never_stores) as index:
        terminal = Terminal(MAIN, ["publish", "--yes"], scene.clone, scene.environ)
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
    terminal = Terminal(IGNORING, ["publish", "--yes"], scene.clone, scene.environ)
    terminal.wait_until(seen.exists)
    assert terminal.close() == 0
    assert left(scene) == []
    assert "refs/tags/v0.1.11" in scene.refs()


def test_a_question_on_a_terminal_that_is_closed_is_not_answered(scene: Scene) -> None:
    before = scene.state()
    terminal = Terminal(MAIN, ["publish"], scene.clone, scene.environ)
    terminal.wait_until(lambda: b"[y/N]" in terminal.shown)
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


@pytest.mark.slow
def test_a_verdict_is_the_same_where_it_can_not_be_written(scene: Scene) -> None:
    def verdicts(where: str, *commands: str) -> list[int]:
        found = []
        for words in commands:
            line = f"{sys.executable} -m release_sync.cli.main {words} {where}"
            done = subprocess.run(
                ["sh", "-c", line], cwd=scene.clone, env=scene.environ,
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert "Traceback" not in done.stdout + done.stderr
            found.append(done.returncode)
        return found

    full = verdicts(">/dev/full", "check --json", "explain", "check --json --bogus")
    assert full == [1, 1, 2]
    closed = (">&-", "2>&-", "<&- >&- 2>&-")
    assert [verdicts(where, "check", "plan", "status") for where in closed] == [[0, 0, 0]] * 3
    manifest = (scene.clone / "pyproject.toml").read_text()
    scene.write("pyproject.toml", manifest.replace("0.1.10", "0.1.9", 1))
    scene.commit("Drift")
    assert [verdicts(where, "check", "plan --json") for where in closed] == [[1, 1]] * 3
    assert left(scene) == []


def test_a_stream_that_has_few_letters_is_no_bug(scene: Scene) -> None:
    done = scene.run("plan", environ={"PYTHONIOENCODING": "latin-1:strict"})
    assert done.returncode == 0, done.stderr
    assert "0.1.10 \\u2192 0.1.11" in done.stdout
