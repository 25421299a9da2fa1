"""A report on a terminal: what was done, line by line, and below it what is going on."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, cast

import click

from devclikit.output import Onward
from devclikit.plain import plain
from devclikit.settings import settings
from devclikit.terminal.activity import Activity, spinner
from devclikit.terminal.lines import LABEL, labelled, painted
from devclikit.terminal.medium import medium
from devclikit.terminal.painter import Painter
from devclikit.terminal.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self, TextIO

    from devclikit.terminal.activity import Tell
    from devclikit.terminal.medium import Medium

AT_ONCE = 4
"""So many of the things that go on side by side are shown."""


class Mark(NamedTuple):
    """What a line begins with, and its colour."""

    sign: str
    colour: str


DONE, SKIPPED = Mark("✓", "green"), Mark("·", "bright_black")
FAILED, NOTE = Mark("✗", "red"), Mark("!", "yellow")
"""A ✓ is only for what was done."""


class Reporter:
    """Writes to stderr; colour and motion are only on a terminal.

    Where nothing moves, what has been going on for a while is said in a line. When the user wants
    it quiet, neither is.
    """

    label = LABEL
    """The columns of the word in front of a line."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self.verbose = settings().verbose
        self.quiet = settings().quiet
        self._stderr = sys.stderr
        # What is reported goes on when nobody sees it.
        seen = cast("TextIO", Onward(sys.stderr))
        self._painter = Painter(seen, medium(sys.stderr), self._below, self._news)
        self._going_on: dict[str, Activity] = {}
        self._passing = ""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, _type: object, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Leave a quiet screen to whoever says how it ended."""
        self.rest()

    @contextmanager
    def doing(self, words: str) -> Iterator[Tell]:
        """Show what is going on, and how far it is when that is reported."""
        activity = self.begin(words)
        try:
            yield activity.tell
        finally:
            self.end(words)

    def begin(self, words: str, stage: str = "", *, passing: bool = False) -> Activity:
        """Show that it goes on, until it ends; what is only ``passing`` ends before anything else.

        Return it, to be told how far it is.
        """
        self._pass()
        self._passing = words if passing else ""
        activity = self._going_on[words] = Activity(plain(self.listed(words)), stage)
        if not self.quiet:
            self._painter.work()
        return activity

    def end(self, words: str) -> None:
        """Show no longer that it goes on."""
        self._going_on.pop(words, None)

    def line(self, label: str, text: str) -> None:
        """Write one line of facts."""
        self.say(labelled(label, self.listed(text), medium(self._stderr)))

    def event(self, mark: Mark, word: str, text: str, quoted: Iterable[str] = ()) -> None:
        """Write what happened, behind its mark and a word, and below it what others wrote of it."""
        on, room = medium(self._stderr), self.label + 5
        told = wrapped(plain(self.listed(text)), on.width, room, room)
        sign = painted(mark.sign, on, fg=mark.colour)
        lines = [f"  {sign} {word:{self.label}} {told}", *(f"    {plain(one)}" for one in quoted)]
        self.say("\n".join(line.rstrip(" ") for line in lines))

    def say(self, text: str) -> None:
        """Write a text, above what is going on."""
        self._pass()
        self._painter.say(text)

    def show(self, text: str) -> None:
        """Write a row of what was asked for to stdout; on a terminal, above what is going on."""
        if self._painter.on.moves and sys.stdout.isatty():
            self.say(text)  # click's own writing would tear what is drawn
        else:
            click.echo(text, color=True)

    def rest(self) -> None:
        """Show nothing any more of what is going on, until more begins."""
        self._pass()
        self._painter.rest()

    def listed(self, text: str) -> str:
        """Return a text as it is shown: all of it, unless a report shortens long lists."""
        return text

    def at_work(self) -> list[Activity]:
        """Return what is said to go on where nothing moves: each by itself, or some as one."""
        return list(self._going_on.values())

    def below(
        self, every: Sequence[Activity], now: float, on: Medium, but: Container[str] = ()
    ) -> list[str]:
        """Return the lines of what is going on, for a terminal, without some that say nothing."""
        shown = [wrapped(one.line(now), on.width, 4, 4) for one in every[:AT_ONCE]]
        lines = [f"  {spinner(now)} {text}" for text in shown if text not in but]
        if len(every) > AT_ONCE:
            lines.append(f"    … and {len(every) - AT_ONCE} more")
        return lines

    def _below(self) -> str:
        every = list(self._going_on.values())
        lines = self.below(every, time.monotonic(), medium(self._stderr))
        return "\n".join(filter(None, lines))

    def _news(self) -> str:
        """Return what has been going on for a while, for what does not move."""
        now = time.monotonic()
        news = [one.line(now) for one in self.at_work() if one.is_news(now)]
        return "\n".join(f"  … {'Running':{self.label}} {one}" for one in news)

    def _pass(self) -> None:
        self._going_on.pop(self._passing, None)
