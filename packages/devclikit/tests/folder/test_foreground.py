from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from devclikit.errors import Stop
from devclikit.folder.foreground import replace

BLOCK = "# /// script\n# dependencies = []\n# ///\n"
WAITS = """
import os, signal, sys, time
def end(number, frame):
    os.write(1, f"got {signal.Signals(number).name}\\n".encode())  # `print` may be under way
    sys.exit(9)
for one in signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1:
    signal.signal(one, end)
print("ready", flush=True)
for _ in range(600):  # not at once: what comes just before a sleep is heard after it
    time.sleep(0.1)
"""
PROGRAM = "import sys; from pathlib import Path; from devclikit.folder.foreground import replace; "


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    beside = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{beside}{os.pathsep}{os.environ['PATH']}")
    path = tmp_path / "waits.py"
    path.write_text(f"{BLOCK}{WAITS}", encoding="utf-8")
    return path


def line(script: Path) -> list[str]:
    """Return a command line that is replaced by a script."""
    return [sys.executable, "-c", f"{PROGRAM}replace(Path({str(script)!r})); print('left')"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGUSR1"])
def test_a_signal_to_our_process_is_the_scripts(script: Path, name: str) -> None:
    with subprocess.Popen(line(script), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, getattr(signal, name))
        assert process.communicate(timeout=30)[0] == f"got {name}\n"
    assert process.returncode == 9


def test_what_python_ignores_is_not_ignored_for_the_program(script: Path) -> None:
    uv = script.with_name("uv")
    uv.write_text("#!/bin/sh\nkill -PIPE $$\necho survived\n", encoding="utf-8")
    uv.chmod(0o700)
    environ = {**os.environ, "PATH": f"{uv.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(line(script), env=environ, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", -signal.SIGPIPE)


def test_a_uv_that_can_not_be_started_is_an_error(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(script.parent))
    with pytest.raises(Stop, match="uv is not on PATH"):
        replace(script)
    monkeypatch.setenv("UV", "/gone/uv")
    with pytest.raises(Stop, match="/gone/uv can't be started"):
        replace(script)
    done = subprocess.run(line(script), capture_output=True, text=True, check=False)
    assert "Stop: /gone/uv can't be started: No such file" in done.stderr


def test_a_test_that_runs_a_script_goes_on(script: Path) -> None:
    script.write_text(f"{BLOCK}raise SystemExit(5)\n", encoding="utf-8")
    assert replace(script) == 5


def test_a_program_that_uses_our_testing_goes_on(script: Path) -> None:
    script.write_text(f"{BLOCK}print('script')\n", encoding="utf-8")
    program = (
        f"{PROGRAM}from devclikit.testing import run; "
        f"print(run(lambda: replace(Path({str(script)!r}))), 'left')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "Ended(exit_code=0, stdout='script\\n', stderr='') left\n"
