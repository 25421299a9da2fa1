"""Where a text has colours, where it moves, and where it is wrapped."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios

import pytest

from devclikit.settings import Settings, fresh
from devclikit.terminal.medium import Medium, medium

PIPE = Medium()


class Tty(io.StringIO):
    """A terminal without a size."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, Medium(colour=True, moves=True, width=80)),
        ({"COLUMNS": "60"}, Medium(colour=True, moves=True, width=60)),
        ({"COLUMNS": "none"}, Medium(colour=True, moves=True, width=80)),
        ({"NO_COLOR": "1"}, Medium(width=80)),
        ({"NO_COLOR": ""}, Medium(colour=True, moves=True, width=80)),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, Medium(width=80)),
        ({"TERM": "dumb"}, Medium(width=80)),
        ({"CI": "true"}, PIPE),
        ({"CI": "true", "FORCE_COLOR": "1"}, Medium(colour=True)),
    ],
)
def test_a_terminal_is_plain_where_that_is_wanted(environ: dict[str, str], found: Medium) -> None:
    assert medium(Tty(), environ) == found


def test_what_is_asked_for_outranks_what_is_in_the_environment() -> None:
    with fresh(Settings(color="never")):
        assert medium(Tty(), {"FORCE_COLOR": "1"}) == Medium(width=80)
    with fresh(Settings(color="always")):
        assert medium(io.StringIO(), {"NO_COLOR": "1"}) == Medium(colour=True)
        assert medium(Tty(), {"TERM": "dumb"}) == Medium(colour=True, width=80)


def test_a_pipe_is_plain_and_not_wrapped() -> None:
    assert medium(io.StringIO(), {"COLUMNS": "60"}) == PIPE
    assert medium(io.StringIO(), {"FORCE_COLOR": "1"}) == Medium(colour=True)
    assert medium(io.StringIO(), {"FORCE_COLOR": "0"}) == PIPE


def test_a_terminal_is_asked_for_its_width() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours), os.fdopen(theirs, "w") as stream:
        assert medium(stream, {}).width == 80, "it has no size yet"
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 123, 0, 0))
        assert medium(stream, {}).width == 123
