"""Steps run side by side where they may, and each is reported as it ended."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from tests.fakes.recording import recorded
from tests.fakes.terminal import Terminal

from devclikit.errors import Stop
from devclikit.programs import capture, run
from devclikit.settings import Settings, fresh
from devclikit.steps import Step, run_steps
from devclikit.terminal.activity import SPINNER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE = Path(__file__).parent

MEETS = """
import sys, time
from pathlib import Path
name, *others = sys.argv[1:]
began = time.monotonic()
Path(name).touch()
while not all(Path(one).exists() for one in others):
    time.sleep(0.01)
Path(f"{name}.took").write_text(f"{began} {time.monotonic()}")
"""
"""A program that ends once others have begun, and writes down from when to when it ran."""


def meets(name: str, folder: Path, *others: str, after: Sequence[str] = ()) -> Step:
    line = [sys.executable, "-I", "-S", "-c", MEETS, name, *others]
    return Step(name, line, after, cwd=folder, seconds=60)


def took(folder: Path, name: str) -> tuple[float, float]:
    began, ended = (folder / f"{name}.took").read_text().split(" ")
    return float(began), float(ended)


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what was said, without figures of seconds, and without the space behind names."""
    return without_figures(capsys.readouterr().err)


def without_figures(said: str) -> list[str]:
    """Return the lines, but for those that are told from time to time on a slow machine."""
    lines = re.sub(r"(?<=\S)  +", " ", re.sub(r"\d+\.\d s", "N s", said)).splitlines()
    return [line for line in lines if "… Running" not in line]


def test_steps_run_side_by_side_and_after_what_they_need(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["lint", "types", "tests"]
    steps = [meets(one, tmp_path, *names) for one in names]  # none ends before all have begun
    run_steps([meets("wheel", tmp_path, after=["tests", "lint"]), *steps], at_once=3)
    for one, other in combinations((took(tmp_path, name) for name in names), 2):
        assert max(one[0], other[0]) < min(one[1], other[1]), "they overlap"
    began, _ = took(tmp_path, "wheel")
    assert began > took(tmp_path, "lint")[1]
    assert began > took(tmp_path, "tests")[1]
    lines = told(capsys)
    assert sorted(lines) == [f"  ✓ {name} N s" for name in ("lint", "tests", "types", "wheel")]


def test_no_more_run_at_once_than_may(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["a", "b", "c", "d"]
    run_steps([meets(one, tmp_path) for one in names], at_once=1)
    spans = [took(tmp_path, one) for one in names]
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    with fresh(Settings(quiet=True)):
        capsys.readouterr()
        run_steps([Step("quiet", ["true"])], at_once=-1)  # cores, without some
        assert capsys.readouterr().err == ""


def test_a_step_that_fails_stops_those_that_need_it_and_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def breaks() -> None:
        raise ValueError("token=abc123")

    def refuses() -> None:
        raise Stop("it can't be", "try another")

    def works() -> str:
        run(["echo", "from a function"])
        return f"{capture(['echo', '3']).stdout.strip()} things"

    steps = [
        Step(
            "types",
            ["sh", "-c", "echo 1; echo 2 >&2; printf '\\033[31m::x\\n1%%\\r2%%'; exit 3"],
        ),
        Step("tests", ["true"], after=["types"]),
        Step("wheel", ["true"], after=["tests", "lint", "breaks"]),
        Step("killed", ["sh", "-c", "kill -9 $$"]),
        Step("breaks", breaks),
        Step("refuses", refuses),
        Step("lint", works),
        Step("exits", lambda: sys.exit(4)),
        Step("says", lambda: sys.exit("no ruff\nhere")),
        Step("returns", lambda: run(["false"])),
        Step("ends", sys.exit),
        Step("e\n\x1b[31m::b", ["true"]),
        Step("missing", ["no-such-program"]),
    ]
    with pytest.raises(Stop) as stop:
        run_steps(steps, at_once=1)
    failed = "types, killed, breaks, refuses, exits, says, returns, missing"
    assert stop.value.message == f"{failed} failed; not run: tests, wheel"
    assert stop.value.exit_code == 1
    shown = told(capsys)
    assert shown[:6] == [
        "  ✗ types exit code 3 after N s",
        "    $ sh -c 'echo 1; echo 2 >&2; printf '\"'\"'\\033[31m::x\\n1%%\\r2%%'\"'\"'; exit 3'",
        "    1",
        "    2",
        "    : :x",
        "    2%",
    ]
    assert "  · tests not run, because types failed" in shown
    assert "  · wheel not run, because types and breaks failed" in shown
    assert "  ✗ killed exit code 137, by SIGKILL after N s" in shown
    assert "  ✗ breaks ValueError: token=****, N s" in shown
    assert "    Traceback (most recent call last):" in shown
    assert not any("abc123" in line for line in shown)
    assert not any("steps.py" in line and "test_" not in line for line in shown)
    where = shown.index("  ✗ refuses it can't be, N s")
    assert shown[where + 1] == "    hint: try another"
    assert "  ✓ lint 3 things, N s" in shown
    assert not any("from a function" in line for line in shown)
    assert "  ✗ exits exit code 4 after N s" in shown
    where = shown.index("  ✗ says no ruff, N s")
    assert shown[where + 1] == "    here"
    assert "  ✗ returns exit code 1 after N s" in shown
    assert "  ✓ ends N s" in shown
    assert "  ✓ e ?[31m::b N s" in shown
    assert "  ✗ missing there is no program no-such-program on PATH, N s" in shown


def exits() -> None:
    raise SystemExit(["a", "b"])


async def waits() -> None:
    """Wait for nothing."""


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (lambda: subprocess.run(["sh", "-c", "exit 3"], check=False), "exit code 3"),
        (lambda: subprocess.run(["sh", "-c", "kill -9 $$"], check=False), "137, by SIGKILL"),
        (lambda: capture(["sh", "-c", "exit 3"]), "exit code 3"),
        (lambda: False, "it returned False"),
        (lambda: sys.exit(not []), "exit code 1"),
        (exits, "['a', 'b']"),  # as Python has it
        (waits, "it returned a coroutine, which has not ended"),
        (lambda: (run([one]) for one in ["true"]), "it returned a generator, which has not ended"),
    ],
)
def test_what_a_function_returns_does_not_hide_that_it_failed(
    does: Callable[[], object], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Stop, match=r"^step failed; not run: next$"):
        run_steps([Step("step", does), Step("next", ["true"], after=["step"])])
    assert why in told(capsys)[0]


def test_an_exception_is_told_in_a_line_whatever_its_traceback_ends_with(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def several() -> None:
        raise ExceptionGroup("two", [ValueError("token=abc123"), OSError()])

    def noted() -> None:
        error = ValueError("no\nway")
        error.add_note("look at it")
        raise error

    with pytest.raises(Stop):
        run_steps(
            [Step("group", several), Step("note", noted), Step("line", lambda: run([]))], at_once=1
        )
    shown = told(capsys)
    assert "  ✗ group ExceptionGroup: two (2 sub-exceptions), N s" in shown
    assert "  ✗ note ValueError: no, N s" in shown
    assert "  ✗ line TypeError: a program is run from a sequence of arguments" in "\n".join(shown)
    assert "    look at it" in shown
    assert not any("abc123" in line for line in shown)


def test_a_process_that_is_returned_while_it_runs_is_a_failure() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as running, pytest.raises(Stop):
        run_steps([Step("step", lambda: running)])
    run_steps([Step("step", lambda: running)])


@pytest.mark.parametrize("result", [None, True, 0, "", [], {"a": 1}, capture(["true"])])
def test_what_else_a_function_returns_means_nothing(result: object) -> None:
    run_steps([Step("step", lambda: result)])


def test_verbose_shows_the_output_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    with fresh(Settings(verbose=True)):
        run_steps([Step("lint", ["echo", "fine"])])
    assert told(capsys) == ["  ✓ lint N s", "    $ echo fine", "    fine"]


def test_json_has_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        Step("lint", ["echo", "fine"]),
        Step("types", ["false"]),
        Step("tests", ["true"], after=["types"]),
        Step("prints", lambda: click.echo("by itself")),
    ]
    with pytest.raises(Stop):
        run_steps(steps, at_once=1, as_json=True)
    out, error = capsys.readouterr()
    assert error == "by itself\n"
    events = [json.loads(line) for line in out.splitlines()]
    for event in events:
        assert event.pop("format") == 1
        assert event.pop("seconds", 0) >= 0
    assert events == [
        {"event": "running", "steps": ["lint", "types", "tests", "prints"]},
        {"event": "started", "step": "lint"},
        {"event": "done", "step": "lint", "detail": "", "output": "$ echo fine\nfine\n"},
        {"event": "started", "step": "types"},
        {"event": "failed", "step": "types", "reason": "exit code 1", "output": "$ false\n"},
        {"event": "started", "step": "prints"},
        {"event": "not-run", "step": "tests", "reason": "not run, because types failed"},
        {"event": "done", "step": "prints", "detail": "", "output": ""},
    ]


@pytest.mark.parametrize(
    ("after", "words", "hint"),
    [
        (
            {"a": [], "b": ["lnt"]},
            "the step b is after lnt, which is no step",
            "did you mean lint?",
        ),
        ({"b": ["xyz"]}, "the step b is after xyz, which is no step", "there are lint, b"),
        ({"a": ["b"], "b": ["a"]}, "steps wait for each other: a → b → a", "leave one"),
        ({"a": ["a"]}, "steps wait for each other: a → a", "leave one"),
        ({"lint": []}, "the step lint is given twice", "give each step a name of its own"),
    ],
)
def test_steps_that_are_in_no_order_are_refused_before_any_runs(
    after: dict[str, list[str]], words: str, hint: str, tmp_path: Path
) -> None:
    steps = [Step(name, ["touch", name], before, cwd=tmp_path) for name, before in after.items()]
    with pytest.raises(Stop) as stop:
        run_steps([Step("lint", ["touch", "lint"], cwd=tmp_path), *steps])
    assert stop.value.message == words
    assert stop.value.hint.startswith(hint)
    assert not [*tmp_path.iterdir()]
    with pytest.raises(TypeError, match="sequence of names"):
        Step("a", ["true"], after="lint")


STARTS = "sleep 60 & echo $! > {name}.tmp; mv {name}.tmp {name}"
LEAVES = f"trap 'echo cleared > cleared; exit' INT TERM; {STARTS}; wait"
DEAF = f"trap '' INT TERM; {STARTS}; while true; do wait; done"


@pytest.mark.parametrize(
    ("number", "other", "grace"),
    [
        (signal.SIGINT, LEAVES, 60),  # who leaves is not waited for
        (signal.SIGTERM, LEAVES, 60),
        (signal.SIGQUIT, LEAVES, 60),
        pytest.param(signal.SIGINT, DEAF, 6, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, DEAF, 6, marks=pytest.mark.slow),
    ],
)
def test_an_interruption_ends_all_programs_and_what_they_started(
    number: signal.Signals, other: str, grace: int, tmp_path: Path
) -> None:
    scripts = [LEAVES.format(name="one"), other.format(name="two"), "true"]
    line = [sys.executable, "-m", "example.check", "check", *scripts]
    ours = "import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler)"
    ours += f"; from devclikit import children; children.GRACE = {grace}"
    line[1:3] = ["-c", f"{ours}; runpy.run_module('example.check', run_name='__main__')"]
    with subprocess.Popen(
        line, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(HERE)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr
        first = process.stderr.readline()
        while "✓ tests" not in first:  # before it stands what is told from time to time
            first = process.stderr.readline()
            assert first
        wait_for(lambda: (tmp_path / "one").exists() and (tmp_path / "two").exists())
        process.send_signal(number)
        out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (128 + number, "")
    lines = without_figures(first + error)
    assert lines[:3] == ["  ✓ tests N s", "  ! lint interrupted", "  ! types interrupted"]
    assert lines[3:] == ["error: interrupted"]
    assert "wheel" not in error
    assert (tmp_path / "cleared").exists(), "it had time to clear away"
    for name in ("one", "two"):
        left = int((tmp_path / name).read_text())
        wait_for(partial(is_gone, left))


OF_FUNCTIONS = """
import sys
import click
from devclikit.boundary import Boundary
from devclikit.programs import capture, run
from devclikit.steps import Step, run_steps

lines = [["sh", "-c", script] for script in sys.argv[1:]]

@click.command()
def command():
    run_steps([
        Step("run", lambda: run(lines[0])),
        Step("capture", lambda: capture(lines[1])),
        Step("steps", lambda: run_steps([Step("inner", lines[2])])),
        Step("never", ["true"], after=["run"]),
    ], at_once=4, as_json=True)

sys.exit(Boundary("dev").run(command, []))
"""


def test_what_functions_run_ends_with_them(tmp_path: Path) -> None:
    names = ["one", "two", "three"]
    scripts = [f"{STARTS.format(name=name)}; wait" for name in names]
    with subprocess.Popen(
        [sys.executable, "-c", OF_FUNCTIONS, *scripts],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        wait_for(lambda: all((tmp_path / name).exists() for name in names))
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    ended = [json.loads(line) for line in out.splitlines()][-3:]
    assert {(one["event"], one["step"]) for one in ended} == {
        ("interrupted", "run"),
        ("interrupted", "capture"),
        ("interrupted", "steps"),
    }
    for name in names:
        left = int((tmp_path / name).read_text())
        wait_for(partial(is_gone, left))


def test_a_terminal_shows_what_goes_on_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    program = "import runpy; runpy.run_module('example.check', run_name='__main__')"
    environ = {**os.environ, "PYTHONPATH": str(HERE)}
    asks = "! read answer </dev/tty"  # as ssh does, for a password: there is none to wait for
    scripts = [STARTS.format(name="one") + "; wait", "sleep 60", asks]
    shown = Terminal(program, ["check", *scripts], tmp_path, environ)
    shown.wait_until(lambda: {b"lint", b"types"} <= {*shown.shown.split()})
    shown.wait_until(lambda: "✓".encode() in shown.shown and (tmp_path / "one").exists())
    shown.press(b"\x03")
    shown.wait_until(lambda: shown.process.poll() is not None)
    assert shown.close() == 130
    left = recorded(shown.shown)
    assert left.has_cursor
    assert without_figures("\n".join(left.lines)) == [
        "  ✓ tests N s",
        "  ! lint interrupted",
        "  ! types interrupted",
        "error: interrupted",
    ]
    assert {*SPINNER} & {*shown.shown.decode()}, "what goes on was shown meanwhile"


def wait_for(seen: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
