"""What the user said for all of a run: how much is written, and in which colour."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

COLOURS = ("auto", "always", "never")


def as_it_is(text: str, _label: int) -> str:
    """Return a text whose lines are not broken."""
    return text


@dataclass(slots=True)
class Settings:
    """The settings of one run of a program; the options in ``devclikit.everywhere`` set them.

    ``told`` hears of each error, too: its message, its hint and the exit code. ``fitted`` is how a
    text behind a label of so many columns is broken into lines for stderr. ``package`` has the
    command that is run, where that is not the program's own: a bug is its.
    """

    program: str = ""
    version: Callable[[], str] = str
    told: Callable[[str, str, int], None] | None = None
    fitted: Callable[[str, int], str] = as_it_is
    package: str = ""
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"

    def colour(self, environ: Mapping[str, str] = os.environ) -> bool | None:
        """Return whether output is coloured; None: where it goes to a terminal.

        ``--color`` outranks NO_COLOR (no-color.org), which outranks FORCE_COLOR; a dumb terminal
        knows no colour.
        """
        if self.color != "auto":
            return self.color == "always"
        if environ.get("NO_COLOR"):
            return False
        if environ.get("FORCE_COLOR", "0") not in {"", "0"}:
            return True
        return False if environ.get("TERM") == "dumb" else None


_CURRENT: ContextVar[Settings] = ContextVar("_CURRENT", default=Settings())  # noqa: B039 - a run sets its own


def settings() -> Settings:
    """Return the settings of the run that goes on."""
    return _CURRENT.get()


@contextmanager
def fresh(mine: Settings) -> Iterator[None]:
    """Have these settings for one run."""
    token = _CURRENT.set(mine)
    try:
        yield
    finally:
        _CURRENT.reset(token)
