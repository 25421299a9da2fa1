"""What is shown before somebody decides is all that is there."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
from pathlib import Path

import pytest
from tests.fakes.recording import recorded, terminal
from tests.fakes.terminal import Terminal
from tests.run.story import MEMBERS, Story

from devclikit.settings import Settings, fresh
from devclikit.terminal.lines import LABEL
from release_sync.cli.asking import confirm
from release_sync.cli.events_json import JsonLines
from release_sync.cli.program import run
from release_sync.cli.screen import Screen
from release_sync.errors import Problem
from release_sync.plan.facts import Request
from release_sync.run.events import Done, Failed, Running, Started
from release_sync.run.publishing import publish
from release_sync.steps.build import Build
from release_sync.steps.sync import Sync
from release_sync.steps.uploading.upload import Upload
from release_sync.toml.edits import FileEdit

HOSTILE = "\x1b[2J[/bold] [red]\r\x9b"


def test_no_line_of_a_difference_hides_another(capsys: pytest.CaptureFixture[str]) -> None:
    edit = FileEdit("docs/\x1b[2Jx", b"", b"evil\x1b[1A\x1b[2Kfine\tand\xe2\x80\xaewell", ())
    Screen().difference(edit)
    shown = capsys.readouterr().err
    assert "+evil?[1A?[2Kfine" in shown
    assert "and?well" in shown
    assert "\x1b" not in shown


def test_no_text_of_others_moves_the_cursor_or_is_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = Screen()
    screen.line("Note", HOSTILE)
    step = Sync(HOSTILE, "v1.0")
    screen(Started(step))
    screen(Failed(step, HOSTILE))
    screen(Done(step, HOSTILE, 0.0))
    shown = capsys.readouterr().err
    assert shown.count("?[2J[/bold] [red]??") == 3
    assert "\x1b" not in shown


def test_each_note_of_a_build_is_one_line_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    forged = f"one changed a\n  ✓ Published  one\r\n::error::{HOSTILE}\udc9b"
    Screen()(Done(Build(()), "2 artifacts in 0.1s", 0.1, (forged, "one left 2 running")))
    assert capsys.readouterr().err == (
        "  ✓ Built      2 artifacts in 0.1s\n"
        "  ! Note       one changed a?  ✓ Published  one??::error::?[2J[/bold] [red]???\n"
        "  ! Note       one left 2 running\n"
    )


def test_what_is_going_on_is_no_markup_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    screen = Screen()
    step = Sync(HOSTILE, "v1.0")
    screen(Started(step))
    screen(Failed(step, ""))


def test_what_ends_a_run_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    screen(Failed(Upload("one", "1.0"), "no room\n    said the index"))
    screen(Failed(Upload("two", "1.0"), "no answer"))
    with pytest.raises(Problem), screen:
        raise Problem("no room\n    said the index; v1.0 is pending")
    assert capsys.readouterr().err == (
        "  ✗ Stopped    upload one 1.0\n"
        "  ✗ Stopped    upload two 1.0\n"
        "  ✗ Also       upload two 1.0: no answer\n"
    )


def test_a_question_is_only_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Answering("y\n"))
    confirm(f"Release {HOSTILE}?", yes=False)
    assert "\x1b" not in capsys.readouterr().err


def test_questions_errors_and_hints_are_wrapped_as_all_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", Answering("y\nyes\n"))
    monkeypatch.setattr("sys.argv", ["release-sync", "version"])
    with terminal(monkeypatch, 60) as recording:
        for typed in (False, True):
            confirm(
                f"Release {'workstack-app and ' * 2}workstack-kit to it?", yes=False, typed=typed
            )
            sys.stderr.write("\n")  # what the terminal would show of the answer
        assert run() == 2
    assert recording.lines == [
        "Release workstack-app and workstack-app and",
        "    workstack-kit to it? [y/N]:",
        "Release workstack-app and workstack-app and",
        "    workstack-kit to it? Type yes [no]:",
        "error: no such command: version",
        "hint: `release-sync publish minor` makes a new version and",
        "    releases it; `release-sync status` shows the present",
        "    ones, `release-sync -V` the program's own",
    ]


def publishing(talk: Screen | JsonLines) -> None:
    """Publish a release in memory: the same each time."""
    publish_with = Story().context()
    with publish_with.locked():
        publish(publish_with, Request(), talk)


def plain_lines(written: str) -> list[str]:
    """Return the lines of what no terminal moves for: there is no control character in it."""
    assert written.endswith("\n")
    assert all(one.isprintable() for one in written.replace("\n", ""))
    return written.rstrip("\n").split("\n")


@pytest.mark.parametrize("environ", [{}, {"CI": "true"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_the_same_facts_are_on_a_terminal_in_a_pipe_in_ci_and_in_json(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Screen(yes=True) as screen:
        publishing(screen)
    piped = plain_lines(capsys.readouterr().err)
    with terminal(monkeypatch) as recording:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        with Screen(yes=True) as screen:
            publishing(screen)
    if environ:
        plain_lines(recording.raw.decode().replace("\r\n", "\n"))
    else:
        assert recording.raw.count(b"\x1b[32m\xe2\x9c\x93") == 13, "a green tick for each step"
    assert recording.text == " ".join(" ".join(piped).split())
    publishing(JsonLines(yes=True))
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    plan = next(one for one in events if one["event"] == "plan")
    assert piped[0].endswith(f" at {plan['previous']}: {', '.join(sorted(MEMBERS))}")
    head = "{previous} → {version}, branch {branch}, index {index}".format(**plan)
    assert piped[1] == f"Plan       {head}"
    answers = [f"{label.capitalize():{LABEL}} {text}" for label, text in plan["answers"].items()]
    details = [one["detail"] for one in events if one["event"] == "done"]
    told = [line[LABEL + 5 :] for line in piped if line.startswith("  ✓ ")]
    assert (piped[3 : -len(told)], told) == (answers, details)


def test_quiet_says_what_was_found_and_verbose_leaves_nothing_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = ", ".join(f"own-{number}" for number in range(20))
    note = Done(Build(()), f"built {names}", 0.1, ("one left 2 running",))
    with fresh(Settings(quiet=True)), Screen(yes=True) as screen:
        publishing(screen)
        screen(note)
        screen.line("Stays", names)
    assert capsys.readouterr().err == (
        "  ! Note       one left 2 running\nStays      own-0, own-1, own-2, own-3 … and 16 more\n"
    )
    with fresh(Settings(quiet=True)), pytest.raises(Problem), Screen() as screen:
        publishing(screen)
    assert "Plan       0.1.10 → 0.1.11" in capsys.readouterr().err, "it is asked about"
    with fresh(Settings(verbose=True)):
        Screen()(note)
    assert f"built {names}" in capsys.readouterr().err


def test_of_many_uploads_the_first_few_are_shown_and_each_that_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps = tuple(Upload(f"own-{number:02}", "1.0") for number in range(80))

    def shown(*, until: int = 80) -> list[str]:
        with Screen() as screen:
            screen(Running(steps))
            for step in steps[:until]:
                screen(Done(step, step.member, 0.1))
            if until < len(steps):
                screen(Failed(steps[until], "no room"))
        return capsys.readouterr().err.splitlines()

    first = [f"  ✓ Published  own-0{number}" for number in range(4)]
    assert shown() == [*first, "  ✓ Published  … and 76 more"]
    failed = ["  ✗ Stopped    upload own-70 1.0", "  ✗ Also       upload own-70 1.0: no room"]
    assert shown(until=70) == [*first, "  ✓ Published  … and 66 more", *failed]
    with fresh(Settings(verbose=True)):
        assert len(shown()) == 80


STOPPED = """
import signal, sys, time
from dataclasses import replace
from pathlib import Path
import click
from devclikit.boundary import Boundary
from devclikit.lazy import LazyGroup
from release_sync.cli.chaos.crash_point import CrashPoint, with_crash_points
from release_sync.cli.screen import Screen
from release_sync.errors import Problem
from release_sync.plan.facts import Request
from release_sync.run.publishing import publish
from tests.run.story import Story

signal.signal(signal.SIGINT, signal.default_int_handler)
moment, seen = sys.argv[1], Path(sys.argv[2])

def stop(*_):
    seen.touch()
    for _ in range(600):  # not at once: what comes just before a sleep is heard after it
        time.sleep(0.1)

class Stops(CrashPoint):
    def pass_by(self, name):
        if name == f"before {moment}":
            stop()

class Clock:
    def now(self):
        return time.monotonic()
    sleep = stop

def around(world):
    world = replace(world, clock=Clock()) if moment == "clock.sleep" else world
    return with_crash_points(world, Stops(Path(), 0))

story = Story()
story.index.trouble = lambda _: "late" if moment == "clock.sleep" else ""
if moment == "remote":
    story.here.git.remote_refs = stop

@click.command()
def command():
    context = story.context(around=around)
    with context.locked(), Screen(yes=moment != "question") as screen:
        publish(context, Request(), screen)

program = LazyGroup("release-sync", lazy={})
program.add_command(command)
sys.exit(Boundary("release-sync", problem=Problem).run(program, ["command"]))
"""
"""Publishes a release in memory, and stops at a moment of it."""

MOMENTS = {
    "remote": b"look at the remote",
    "question": b"[y/N]",
    "workbench.build": b"build \xe2",
    "index.upload": b"upload low",
    "clock.sleep": b"wait until fake serves it",
}
"""Before what it stops, and what is to be seen then."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_no_remains_at_any_moment(
    tmp_path: Path, number: signal.Signals
) -> None:
    top = Path(__file__).parents[2]
    running = {
        moment: Terminal(STOPPED, [moment, str(tmp_path / moment)], top, os.environ)
        for moment in MOMENTS
    }
    left = {moment: interrupted(running[moment], tmp_path / moment, number) for moment in MOMENTS}
    known = re.compile(rf"[A-Z][a-z]+ +.+|  ✓ .+| {{{LABEL + 1}}}.+|Release 0\.1\.11\? \[y/N\]:.*")
    for moment, lines in left.items():
        (said,) = (line for line in lines if line.startswith("error: interrupted"))
        before = lines[: lines.index(said)]
        assert all(known.fullmatch(line) for line in before), (moment, lines)
        uploading = moment in {"index.upload", "clock.sleep"}
        assert uploading == ("v0.1.11 is pending" in " ".join(lines[-3:])), (moment, lines)


def interrupted(one: Terminal, seen: Path, number: signal.Signals) -> list[str]:
    """Interrupt a program at the moment that ``seen`` is named after; return what is left."""
    wanted = MOMENTS[seen.name]
    one.wait_until(lambda: wanted in one.shown and (seen.exists() or seen.name == "question"))
    if number == signal.SIGINT:
        one.press(b"\x03")
    else:
        one.process.send_signal(number)
    one.wait_until(lambda: one.process.poll() is not None)
    one.close()
    assert one.process.returncode == 128 + number, one.shown
    shown = recorded(one.shown)
    assert shown.has_cursor
    return shown.lines


class Answering(io.StringIO):
    """A terminal on which somebody has answered already."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True
