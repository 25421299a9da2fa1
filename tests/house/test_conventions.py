"""Every command has the options that fingers know, by the same names."""

from __future__ import annotations

import click
import pytest

from devclikit.lazy import load
from release_sync.cli.program import COMMANDS, program

EVERY = {
    "-C": "--directory",
    "-q": "--quiet",
    "-v": "--verbose",
    "-V": "--version",
    "-h": "--help",
}
"""Each short name with its long one."""

REPORT = {
    "check", "plan", "publish", "prepare", "resume", "abort", "rehearse", "status", "verify",
    "audit", "explain", "init", "doctor", "bump", "notes",
    "history", "step", "change",
}  # fmt: skip
ASK = {"bump", "publish", "prepare", "resume", "abort"}
DO = {"bump", "publish", "prepare", "resume", "abort", "init", "check"}
OF_A_RELEASE = {"--bump", "--version", "--group"}


def params(name: str) -> list[click.Parameter]:
    """What a command takes, as click parses it."""
    command = load(COMMANDS[name].target)
    ctx = click.Context(command, info_name=name, parent=above())
    # click remembers the names of --help that a command was first asked for with.
    command._help_option = None  # noqa: SLF001 - it has no other way to forget them
    return command.get_params(ctx)


def above() -> click.Context:
    return click.Context(program, **program.context_settings)


def names(name: str) -> set[str]:
    return {option for one in params(name) for option in one.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_options_of_every_command(name: str) -> None:
    known = names(name)
    assert known >= EVERY.keys() | {"--color", *EVERY.values()}
    for short, long in EVERY.items():
        (option,) = [one for one in params(name) if short in one.opts]
        own = {one for one in params(name) if long in one.opts} - {option}
        assert own or long in option.opts, f"{long} is {short}, or the command's own"


@pytest.mark.parametrize("name", COMMANDS)
def test_no_help_has_a_word_that_is_broken_at_60_columns(name: str) -> None:
    command = load(COMMANDS[name].target)
    narrow, wide = (
        command.get_help(
            click.Context(command, info_name=name, parent=above(), terminal_width=width)
        )
        for width in (60, 200)
    )
    assert max(map(len, narrow.splitlines())) <= 60
    assert narrow.split() == wide.split()


def test_before_the_command_they_are_the_same() -> None:
    known = {name for one in program.get_params(above()) for name in one.opts}
    assert known == {*EVERY, *EVERY.values(), "--color"}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_reports_has_json_what_asks_yes_and_what_does_dry_run(name: str) -> None:
    known = names(name)
    assert ("--json" in known) is (name in REPORT)
    assert ({"-y", "--yes"} <= known) is (name in ASK)
    assert ({"-n", "--dry-run"} <= known) is (name in DO)


def test_short_names_mean_one_thing() -> None:
    short = {
        (option, tuple(one for one in param.opts if one.startswith("--")))
        for name in COMMANDS
        for param in params(name)
        for option in param.opts
        if len(option) == 2
    }
    meanings = {option for option, _ in short}
    assert meanings == {*EVERY, "-y", "-n"}
    assert {long for option, long in short if option == "-n"} == {
        ("--dry-run",),
        ("--dry-run", "--diff"),
    }


@pytest.mark.parametrize("name", ["plan", "bump", "publish", "prepare", "rehearse"])
def test_what_is_released_is_said_in_the_same_words(name: str) -> None:
    assert names(name) >= OF_A_RELEASE
    words = [one for one in params(name) if one.name == "words"]
    assert bool(words) is (name != "rehearse"), "where a PATH stands, no level can"


@pytest.mark.parametrize("name", ["check", "init", "rehearse"])
def test_what_takes_a_path(name: str) -> None:
    assert [one.metavar for one in params(name) if isinstance(one, click.Argument)] == ["[PATH]"]
