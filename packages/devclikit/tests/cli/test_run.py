from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = "# /// script\n# dependencies = []\n# ///\n"
SHOW = """
import os, sys
print(os.getcwd(), sys.argv[1:], sys.stdin.read())
sys.exit(7)
"""
WAIT = """
import os, sys, time
try:
    print("ready", flush=True)
    for _ in range(600):  # not at once: what comes just before a sleep is heard after it
        time.sleep(0.1)
except KeyboardInterrupt:
    print("interrupted once", flush=True)
    time.sleep(0.3)
    raise
"""
ON_TERMINAL = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"
LINE = (sys.executable, "-m", "devclikit.cli.main", "run")


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder below a repository with two scripts; uv is on PATH."""
    top = tmp_path_factory.mktemp("repository")
    (top / "tools").mkdir()
    (top / "below").mkdir()
    (top / "pyproject.toml").write_text('[tool.devclikit]\ncommands = "tools"\n')
    (top / "tools" / "show.py").write_text(f'{BLOCK}"""Show."""\n{SHOW}')
    (top / "tools" / "wait.py").write_text(f"{BLOCK}{WAIT}")
    with pytest.MonkeyPatch.context() as patch:
        beside = Path(sys.executable).parent
        patch.setenv("PATH", f"{beside}{os.pathsep}{os.environ['PATH']}")
        yield top / "below"


def test_a_script_runs_from_below_with_all_that_is_ours(below: Path) -> None:
    done = subprocess.run(
        [*LINE, "show", "--help", "--", "a b"],
        cwd=below, input="typed", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 7
    assert done.stdout == f"{below.resolve()} ['--help', '--', 'a b'] typed\n"
    assert done.stderr == ""


def test_alone_it_lists_what_there_is(below: Path) -> None:
    done = subprocess.run(LINE, cwd=below, capture_output=True, text=True, check=True)
    assert "show  Show.\n" in done.stdout
    assert f"\n  {below.resolve().parent / 'pyproject.toml'}\n\nCommands:" in done.stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_to_the_group_leaves_no_process(
    below: Path, number: signal.Signals, code: int
) -> None:
    with subprocess.Popen(
        [*LINE, "wait"],
        cwd=below, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        os.killpg(process.pid, number)
        assert process.wait(timeout=30) == code
    assert is_gone(process.pid)


def test_ctrl_c_on_a_terminal_reaches_the_script_once(below: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", ON_TERMINAL, *LINE, "wait"],
        cwd=below, stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        said = until(ours, b"ready")
        os.write(ours, b"\x03")
        said += until(ours, None)
        assert process.wait(timeout=30) == 130
    os.close(ours)
    assert said.count(b"interrupted once") == 1
    assert is_gone(process.pid)


def until(terminal: int, word: bytes | None) -> bytes:
    """Return what a terminal shows up to a word, or to its end."""
    said = b""
    while word is None or word not in said:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # Linux says so at the end
            break
        if not more:
            break
        said += more
    return said


def is_gone(group: int) -> bool:
    """Return whether the processes of a group have ended, or do so at once."""
    for _ in range(1500):  # half a minute, on a loaded machine
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False
