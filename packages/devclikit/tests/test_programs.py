"""Programs are run from arguments, and end as a shell would show it."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devclikit.errors import Stop
from devclikit.programs import capture, run, shown
from devclikit.settings import Settings, fresh

PYTHON = sys.executable


def test_arguments_arrive_as_they_are_and_output_comes_back(tmp_path: Path) -> None:
    words = ["$HOME", "a b", "*", "; exit 4", ""]
    program = "import sys, os; print(sys.argv[1:], os.getcwd(), dict(os.environ), sys.stdin.read())"
    done = capture(
        [PYTHON, "-I", "-c", f"{program}; sys.exit('no \\udcff')", *words, tmp_path],
        cwd=tmp_path,
        env={"ONLY": "this"},
    )
    assert done.returncode == 1
    assert done.stdout.startswith(f"{[*words, str(tmp_path)]} {tmp_path} {{'ONLY': 'this'")
    assert done.stderr == "no \\udcff\n"


def test_what_is_left_running_is_not_waited_for() -> None:
    before = time.monotonic()
    done = capture(["sh", "-c", "sleep 30 & echo $!"])
    assert time.monotonic() - before < 20
    os.kill(int(done.stdout), signal.SIGKILL)


@pytest.mark.parametrize(("script", "code"), [("exit 7", 7), ("kill -9 $$", 137), ("true", 0)])
def test_the_exit_code_is_the_one_that_a_shell_shows(script: str, code: int) -> None:
    assert capture(["sh", "-c", script]).returncode == code
    assert run(["sh", "-c", script]) == code


def test_a_command_line_can_be_pasted_and_has_no_secrets(capfd: pytest.CaptureFixture[str]) -> None:
    line: list[str | Path] = ["echo", "a b", "--token", "abc", Path("x")]
    with fresh(Settings(verbose=True)):
        assert run(line) == 0
    assert capfd.readouterr() == ("a b --token abc x\n", "$ echo 'a b' --token '****' x\n")
    assert shown(["a", "sesame-open"], {"A_TOKEN": "sesame-open"}) == "a '****'"


def test_what_can_not_be_run_is_explained(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("true\n")
    for name, text in (("lost", "#!/no/such/interpreter\n"), ("no-head", "true\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    told = {
        "no-such-program": "there is no program no-such-program on PATH",
        "./nothing": "./nothing can't be run: No such file or directory",
        "./plain": "./plain is not executable",
        "./lost": "./lost names an interpreter that is not there",
        "./no-head": "./no-head is no program of this system",
    }
    for program, words in told.items():
        with pytest.raises(Stop) as stop:
            run([program], cwd=tmp_path)
        assert (stop.value.message, stop.value.exit_code) == (words, 2)
    with pytest.raises(Stop, match=r"there is no folder .*/gone to run true in"):
        capture(["true"], cwd=tmp_path / "gone")
    with pytest.raises(Stop) as stop:
        capture(["no-such-program"], hint="pip install it")
    assert stop.value.hint == "pip install it"
    with pytest.raises(TypeError, match="sequence"):
        run("ls -l")


LEAVES = "sleep 300 & echo $! > left; wait"


def test_a_program_that_takes_too_long_ends_with_what_it_started(tmp_path: Path) -> None:
    for does in (run, capture):
        with pytest.raises(Stop, match=r"^`sh -c .*` did not end within 0\.5 seconds$") as stop:
            does(["sh", "-c", LEAVES], cwd=tmp_path, seconds=0.5)
        assert stop.value.exit_code == 1
        assert has_ended(tmp_path / "left")


def test_where_a_system_has_no_groups_the_program_itself_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "killpg")  # Windows
    before = time.monotonic()
    for does in (run, capture):
        with pytest.raises(Stop, match="did not end within"):
            does(["sleep", "60"], seconds=0.1)
    assert time.monotonic() - before < 30


def has_ended(left: Path) -> bool:
    """Return whether a process has ended, within some seconds, whose number a file has."""
    stat, until = Path(f"/proc/{left.read_text().strip()}/stat"), time.monotonic() + 30
    left.unlink()
    while stat.exists() and ") Z " not in stat.read_text():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


OURS = """
import signal, sys
from devclikit.boundary import Boundary
from devclikit.programs import run
import click

signal.signal(signal.SIGINT, signal.default_int_handler)

@click.command()
def command():
    code = run(sys.argv[1:], seconds=60 if "limited" in sys.argv else None)
    print("went on after", code, flush=True)
    return code

sys.exit(Boundary("ours").run(command, []))
"""
THEIRS = """
import os, signal, sys, time
heard = []
for one in signal.SIGINT, signal.SIGTERM, signal.SIGQUIT:
    signal.signal(one, lambda number, _: heard.append(number))
print("ready", os.getpid(), flush=True)
while not heard:
    time.sleep(0.01)
time.sleep(0.2)
print("heard", *heard, flush=True)
signal.signal(heard[0], signal.SIG_DFL)
if len(sys.argv) == 1:
    os.kill(os.getpid(), heard[0])
"""


@pytest.mark.parametrize(
    ("number", "goes_on", "code"),
    [
        (signal.SIGTERM, False, 143),
        (signal.SIGTERM, True, 143),
        (signal.SIGINT, False, 130),
        (signal.SIGINT, True, 0),
        (signal.SIGQUIT, False, 131),
    ],
)
def test_a_signal_is_passed_on_and_ends_us_with_the_program(
    number: signal.Signals, *, goes_on: bool, code: int
) -> None:
    line = [PYTHON, "-c", OURS, PYTHON, "-c", THEIRS, *(["x"] if goes_on else [])]
    with subprocess.Popen(  # in a session of its own: no terminal tells anybody
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        ready = process.stdout.readline()
        process.send_signal(number)
        out, error = process.communicate(timeout=60)
    assert ready.startswith("ready ")
    went_on = "went on after 0\n" if code == 0 else ""
    assert (process.returncode, out) == (code, f"heard {number:d}\n{went_on}")
    assert error.strip() == ("error: interrupted" if code else "")


def test_a_program_that_may_not_take_long_is_asked_to_end_with_what_it_started(
    tmp_path: Path,
) -> None:
    line = [PYTHON, "-c", OURS, "sh", "-c", LEAVES.replace(";", "; echo ready;", 1), "limited"]
    with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(60) == 143
    assert has_ended(tmp_path / "left")


@pytest.mark.parametrize("more", [[], ["limited"]])
def test_ctrl_c_at_a_terminal_reaches_a_program_once(more: list[str]) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        line = [PYTHON, "-c", OURS, PYTHON, "-c", THEIRS, "x", *more]
        os.execv(PYTHON, line)  # noqa: S606 - no shell is wanted
    seen = b""
    while b"ready" not in seen:
        seen += os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    while b"went on after 0" not in seen:
        seen += os.read(terminal, 4096)
    assert b"heard 2\r\n" in seen
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(terminal)
