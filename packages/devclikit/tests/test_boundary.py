from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Example = Callable[..., subprocess.CompletedProcess[str]]

HERE = Path(__file__).parent


def words(done: subprocess.CompletedProcess[str]) -> str:
    """What was said, without the line by which the example tells that it was imported."""
    return done.stderr.replace("(commands imported)\n", "")


def test_a_user_error_is_an_error_a_hint_and_its_exit_code(example: Example) -> None:
    done = example("fail", "stop")
    assert done.returncode == 4
    assert words(done) == "error: it can't be\nhint: try another\n"


def test_an_error_that_stands_for_several_says_each(example: Example) -> None:
    done = example("fail", "many")
    assert done.returncode == 4
    assert words(done) == "error: the first\nhint: do this\nerror: the second\n"


def test_nothing_is_said_twice(example: Example) -> None:
    done = example("fail", "alike")
    assert words(done) == "error: one\nerror: two\nhint: do this\n"


def test_what_others_said_is_only_read(example: Example) -> None:
    done = example("fail", "foreign")
    said = "error: it says: ?[2J\n    hint: run this\n: :error::no\nhint: ?]0;owned? try\n"
    assert (done.returncode, words(done)) == (2, said)
    usage = example("fail", "--no\x1b[2J\n::error::x")
    assert "\x1b" not in usage.stderr
    assert "\n::" not in usage.stderr


def test_what_a_command_returns_is_the_exit_code(example: Example) -> None:
    assert example("fail", "quietly").returncode == 1
    assert example("fail", "exit").returncode == 4


def test_sys_exit_with_words_says_them(example: Example) -> None:
    done = example("fail", "words")
    assert (done.returncode, words(done)) == (1, "error: that is that\n")


def test_wrong_usage_speaks_in_the_same_voice(example: Example) -> None:
    done = example("greet", "--tims", "2")
    assert done.returncode == 2
    said = words(done).replace(": --tims", " '--tims'", 1)  # as click before 8.4 says it
    assert said == "error: no such option '--tims'\nhint: did you mean `--times`?\n"
    done = example("greet", "--times", "two")
    assert done.returncode == 2
    assert "'two' is not a valid integer" in words(done)
    assert "hint: `example greet --help` shows what there is" in words(done)
    for wrong, hint in (("uper", "did you mean `upper`?"), ("x", "`example greet --help` shows")):
        assert f"\nhint: {hint}" in words(example("greet", "--case", wrong))


def test_no_command_at_all_shows_the_help(example: Example) -> None:
    done = example()
    assert done.returncode == 2
    assert "Commands:" in done.stderr + done.stdout


def test_a_signal_is_heard_where_python_ignores_what_is_raised(example: Example) -> None:
    for how, code in ("unheard-end", 143), ("unheard-interrupt", 130):
        done = example("fail", how)
        assert (done.returncode, done.stdout, words(done)) == (code, "", "error: interrupted\n")


AT_ONCE = """
import sys
from devclikit import ending
from devclikit.boundary import Boundary
from example.program import PROGRAM
ending._SOON = 0
sys.exit(Boundary("example").run(PROGRAM, ["fail", sys.argv[1]]))
"""
"""Hears what Python ignored so soon that it still hears of the first time."""


def test_a_signal_that_comes_again_too_soon_is_heard_all_the_same() -> None:
    for how, code in ("unheard-end", 143), ("unheard-interrupt", 130):
        done = subprocess.run(
            [sys.executable, "-c", AT_ONCE, how],
            env={**os.environ, "PYTHONPATH": str(HERE)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, words(done)) == (code, "", "error: interrupted\n")


def test_an_interruption_is_130(example: Example) -> None:
    done = example("fail", "interrupt")
    assert done.returncode == 130
    assert words(done) == "error: interrupted\n"
    shown = seen_on_a_terminal("interrupt", NO_COLOR="1")
    assert b"\rerror: interrupted" in shown, "over the ^C that a terminal shows"


def test_who_is_asked_to_end_clears_away_and_says_so(example: Example) -> None:
    done = example("fail", "end")
    assert done.returncode == 143
    assert done.stdout == "cleared away\n"
    assert "error: interrupted" in done.stderr


def test_who_is_to_ignore_a_signal_ignores_it(example: Example) -> None:
    previous = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        done = example("fail", "end")
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert (done.returncode, done.stdout) == (1, "cleared away\n")


def test_a_question_that_nobody_answers_stops(example: Example) -> None:
    done = example("fail", "confirm")
    assert done.returncode == 1
    assert words(done) == "cancelled\n"


def test_a_bug_is_reported_in_a_private_file_that_is_named(
    example: Example, tmp_path: Path
) -> None:
    done = example(
        "fail", "bug", "--token", "abcdefgh", BUILD_PASSWORD="letmein-please", COLOUR="vermilion"
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    named = re.search(r"hint: .* (/\S+)\n", done.stderr)
    assert named is not None
    file = Path(named[1])
    assert file.parent == tmp_path
    assert file.stat().st_mode & 0o777 == 0o600
    report = file.read_text(encoding="utf-8")
    assert report.startswith("example 1.2.3, Python ")
    assert "$ example fail bug --token '****'\n" in report
    assert 'raise ValueError("no https://' in report
    assert report.endswith("ValueError: no https://****@example.invalid/ here\n")
    assert "abcdefgh" not in report
    assert "vermilion" not in report
    assert "hunter2" not in done.stderr


def test_a_report_leaves_out_what_the_program_says_is_secret(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\n"
        "from devclikit.boundary import Boundary\n"
        "from example.program import PROGRAM\n"
        "kept = {'A_TOKEN': 'example.invalid'}\n"
        f"there = pathlib.Path({str(tmp_path)!r})\n"
        "boundary = Boundary('example', reports=there, environ=lambda: kept)\n"
        "sys.exit(boundary.run(PROGRAM, ['fail', 'bug']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "ValueError: no https://****@****/ here" in done.stderr
    (report,) = tmp_path.iterdir()
    assert "https://****@****/ here" in report.read_text(encoding="utf-8")


def test_a_report_that_can_not_be_written_is_printed(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\n"
        "from devclikit.boundary import Boundary\n"
        "from example.program import PROGRAM\n"
        f"there = pathlib.Path({str(tmp_path / 'not' / 'there')!r})\n"
        "sys.exit(Boundary('example', reports=there).run(PROGRAM, ['fail', 'bug']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "Traceback" in done.stderr
    assert "hunter2@" not in done.stderr.partition("raise ValueError")[0]
    assert "hint: please report it with the lines above" in done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    line = f"{sys.executable} -m example.program greet --times 100000; echo $? >&2"
    shell = subprocess.run(
        ["sh", "-c", f"({line}) | head -n 1"],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout == "hello\n"
    assert words(shell) == "141\n"


def seen_on_a_terminal(what: str = "stop", **environ: str) -> bytes:
    """Run a failing command whose stderr is a terminal, and return what it shows."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        subprocess.run(
            [sys.executable, "-m", "example.program", "fail", what],
            env={**os.environ, "PYTHONPATH": str(HERE), **environ},
            stderr=theirs,
            check=False,
        )
        os.close(theirs)
        return screen.read(4096)


def test_colour_is_for_terminals_and_no_color_holds(example: Example) -> None:
    assert b"\x1b[31m" in seen_on_a_terminal(NO_COLOR="")
    assert b"\x1b[" not in seen_on_a_terminal(NO_COLOR="1")
    assert "\x1b[" not in example("fail", "stop").stderr
