"""What a text is shown on: a terminal of some width, or a pipe."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from devclikit.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

USUAL = 80
"""The columns of a terminal that does not say how many it has."""

DUMB = frozenset({"dumb", "unknown"})


class Medium(NamedTuple):
    """What is shown on it has ``colour``; what is going on is drawn anew where it ``moves``.

    Lines are wrapped at ``width`` columns; None is for what a program may read, and is not wrapped.
    """

    colour: bool = False
    moves: bool = False
    width: int | None = None


def medium(stream: TextIO, environ: Mapping[str, str] | None = None) -> Medium:
    """Return what a stream writes to.

    Only a terminal moves, and is in colour: not in CI, nor with TERM=dumb or NO_COLOR
    (no-color.org), unless ``--color`` or FORCE_COLOR says so. A log of CI is read by a program:
    there a line that is broken could begin with what is a command to its runner.
    """
    given = os.environ if environ is None else environ
    is_terminal = stream.isatty()
    plain = given.get("NO_COLOR") or given.get("CI") or given.get("TERM") in DUMB
    colour = settings().colour(given)
    moves = is_terminal and not plain and settings().color != "never"
    is_wrapped = is_terminal and not given.get("CI")
    width = _columns(stream, given) if is_wrapped else None
    return Medium(moves if colour is None else colour, moves, width)


def _columns(stream: TextIO, environ: Mapping[str, str]) -> int:
    told = environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(stream.fileno()).columns or USUAL
    except (OSError, ValueError):  # closed, or no descriptor at all
        return USUAL
