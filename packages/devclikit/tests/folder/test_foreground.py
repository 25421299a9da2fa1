from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from devclikit.errors import Stop
from devclikit.folder.foreground import replace, run, uv_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = """
import sys
from devclikit.folder.foreground import replace, run
sys.exit({how}([sys.executable, "-c", {code!r}]))
"""
WAITS = """
import os, signal, sys, time
def end(number, frame):
    print("got", signal.Signals(number).name, flush=True)
    sys.exit(9)
for one in signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1:
    signal.signal(one, end)
print("ready", os.getpid(), flush=True)
time.sleep(60)
"""
HOWS = ("run", "replace")


def started(how: str, code: str) -> subprocess.Popen[str]:
    """Start a process, in a group of its own, that runs the code as we run a script."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(how=how, code=code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(params=HOWS)
def waiting(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    with started(request.param, WAITS) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        yield process
        process.kill()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"])
def test_a_signal_that_only_we_get_is_passed_on(waiting: subprocess.Popen[str], name: str) -> None:
    os.kill(waiting.pid, getattr(signal, name))
    output, _ = waiting.communicate(timeout=30)
    assert (output, waiting.returncode) == (f"got {name}\n", 9)
    assert is_empty(waiting.pid)


@pytest.mark.parametrize("how", HOWS)
def test_streams_and_exit_code_are_the_programs(how: str) -> None:
    with started(how, "import sys; print(sys.stdin.read()); sys.exit(7)") as process:
        assert process.communicate("typed", timeout=30)[0] == "typed\n"
    assert process.returncode == 7


@pytest.mark.parametrize(("how", "code"), [("run", 141), ("replace", -signal.SIGPIPE)])
def test_the_program_does_not_ignore_what_python_ignores(how: str, code: int) -> None:
    line = ["/bin/sh", "-c", "kill -PIPE $$; echo survived"]
    program = f"import sys; from devclikit.folder.foreground import {how}; sys.exit({how}({line}))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", code)


def test_the_signal_that_ended_it_is_told_as_a_shell_does() -> None:
    assert run([sys.executable, "-c", "import os; os.kill(os.getpid(), 15)"]) == 143


def test_in_another_thread_it_runs_all_the_same() -> None:
    codes: list[int] = []
    line = [sys.executable, "-c", "raise SystemExit(4)"]
    thread = threading.Thread(target=lambda: codes.append(run(line)))
    thread.start()
    thread.join()
    assert codes == [4]


def test_handlers_are_as_they_were_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    run([sys.executable, "-c", ""])
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("how", [run, replace])
def test_what_can_not_be_started_is_an_error(how: object, tmp_path: Path) -> None:
    assert callable(how)
    with pytest.raises(Stop, match="can't be started"):
        how([str(tmp_path / "gone")])


def test_uv_is_found_on_the_path_or_as_uv_itself_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("UV", "/opt/uv")
    script = tmp_path / "a.py"
    assert uv_line(script, ["-x"])[0] == "/opt/uv"
    assert uv_line(script, ["-x"])[-3:] == ["--script", str(script), "-x"]
    monkeypatch.delenv("UV")
    with pytest.raises(Stop, match="uv is not on PATH"):
        uv_line(script, [])


def is_empty(group: int) -> bool:
    """Return whether no process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
