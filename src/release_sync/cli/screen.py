"""The screen of a release: progress and questions on stderr, data on stdout."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, cast

import click

from devclikit.output import Onward
from devclikit.plain import plain
from devclikit.settings import settings
from release_sync.cli.asking import confirm
from release_sync.cli.difference import difference
from release_sync.cli.terminal.activity import Activity, spinner
from release_sync.cli.terminal.colours import LABEL, diff, labelled, painted
from release_sync.cli.terminal.medium import medium
from release_sync.cli.terminal.painter import Painter
from release_sync.cli.terminal.planned import headline, order
from release_sync.cli.terminal.stages import Stage, stages_line, stages_of
from release_sync.cli.terminal.wrapping import FEW, MOST, in_short, wrapped
from release_sync.run.events import (
    Done,
    Event,
    Failed,
    Progress,
    Running,
    Skipped,
    Started,
    Undone,
    step_name,
)
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self, TextIO

    from release_sync.cli.terminal.activity import Tell
    from release_sync.plan.release import Release
    from release_sync.toml.edits import FileEdit

AT_ONCE = 4
"""So many of the things that go on side by side are shown."""

LOOK = "look at the remote and the index"


class Screen:
    """Shows a plan, and then each event of the run as it happens."""

    def __init__(self, *, yes: bool = False) -> None:
        """Write to stderr; colour and motion only on a terminal. ``yes`` answers questions.

        What the user wants of it is in the settings: unless it is verbose, of a long list of names
        the first few are shown; when it is quiet, neither what is going on nor what was done is.
        """
        self.yes = yes
        self.verbose = settings().verbose
        self.quiet = settings().quiet
        self._stderr = sys.stderr
        # A release goes on when nobody sees it.
        seen = cast("TextIO", Onward(sys.stderr))
        self._painter = Painter(seen, medium(sys.stderr), self._below, self._news)
        self._going_on: dict[str, Activity] = {}
        self._stages: dict[str, Stage] = {}
        self._failures: list[Failed] = []
        self._alike: Counter[tuple[str, str, str]] = Counter()
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Begin, with what every command does first."""
        self._begin(LOOK)
        return self

    def __exit__(
        self, _type: object, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Leave a quiet screen to whoever says how it ended, and say what that will not.

        Of several uploads that failed side by side, the error is about one.
        """
        self._painter.rest()
        self._count()
        for one in self._failures:
            reason, _, _ = one.reason.partition("\n")
            if reason not in str(error):
                self._event("✗", "red", "Also", f"{one.step.describe()}: {reason}")

    @contextmanager
    def doing(self, words: str) -> Iterator[Tell]:
        """Show what is going on, and how far it is when that is reported."""
        activity = self._begin(words)
        try:
            yield activity.tell
        finally:
            self._going_on.pop(words, None)

    def line(self, label: str, text: str) -> None:
        """Write one line of facts."""
        self._say(labelled(label, self._listed(text), medium(self._stderr)))

    def show(self, text: str) -> None:
        """Write a row of what was asked for to stdout; on a terminal, above what is going on."""
        if self._painter.on.moves and sys.stdout.isatty():
            self._say(text)  # click's own writing goes past what rich does for this
        else:
            click.echo(text, color=True)

    def plan(self, release: Release) -> None:
        """Show what will be released, in short."""
        if self.quiet and self.yes:
            return  # nobody is asked about it
        for label, text in headline(release):
            self.line(label, text)
        for note in release.notes:
            self.line("Note", note)
        for label, text in (("Order", order(release)), *release.observations):
            self.line(label, text)
        if release.exposed:
            self.line("Isolation", release.isolation)

    def difference(self, edit: FileEdit) -> None:
        """Show an edit as a diff."""
        lines = difference(edit.path, edit.before, edit.after)
        self._say(diff(lines, medium(self._stderr)))

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Ask. Raises Problem unless the answer is yes."""
        self._going_on.pop(LOOK, None)
        self._painter.rest()
        confirm(question, yes=self.yes, typed=typed)

    def __call__(self, event: Event) -> None:
        """Show one event; those of uploads come from several threads."""
        with self._lock:
            self._note(event)
            if isinstance(event, Failed | Undone) or (
                isinstance(event, Done | Skipped) and not self.quiet
            ):
                self._tell(event)
            if isinstance(event, Done):
                for note in event.notes:
                    self._event("!", "yellow", "Note", printable(note))

    def _tell(self, event: Done | Skipped | Failed | Undone) -> None:
        """Write how a step ended; of many of one kind that are done, the first few."""
        mark, colour, word, text = _shown(event)
        stage = None
        if isinstance(event, Done | Skipped) and not self.verbose:
            stage = self._stages.get(_stage(step_name(event.step)))
        if stage is None or stage.total <= MOST:
            self._count()
            self._event(mark, colour, word, text)
            return
        self._alike[mark, colour, word] += 1
        if self._alike[mark, colour, word] <= FEW:
            self._event(mark, colour, word, text)
        if not stage.left:
            self._count()

    def _count(self) -> None:
        """Write how many more there are of what was only counted."""
        for head, number in self._alike.items():
            if number > FEW:
                self._event(*head, f"… and {number - FEW} more")
        self._alike.clear()

    def _note(self, event: Event) -> None:
        """Keep what is going on after an event, and how far it is."""
        if isinstance(event, Running):
            self._stages = stages_of(_stage(step_name(step)) for step in event.steps)
        elif isinstance(event, Started):
            self._begin(step_name(event.step), _stage(step_name(event.step)))
        elif isinstance(event, Progress):
            activity = self._going_on.get(step_name(event.step))
            if activity is not None:
                activity.tell(event.what, event.done, event.total, event.unit)
        elif isinstance(event, Done | Skipped | Failed):
            self._end(event)

    def _end(self, event: Done | Skipped | Failed) -> None:
        self._going_on.pop(step_name(event.step), None)
        stage = self._stages.get(_stage(step_name(event.step)))
        if stage is not None:
            stage.left -= 1
            stage.took += event.seconds if isinstance(event, Done) else 0
        if isinstance(event, Failed):
            self._failures.append(event)

    def _begin(self, words: str, stage: str = "") -> Activity:
        self._going_on.pop(LOOK, None)
        activity = self._going_on[words] = Activity(plain(self._listed(words)), stage)
        if not self.quiet:
            self._painter.work()
        return activity

    def _event(self, mark: str, colour: str, word: str, text: str) -> None:
        on = medium(self._stderr)
        room = LABEL + 5
        told = wrapped(plain(self._listed(text)), on.width, room, room)
        self._say(f"  {painted(mark, on, fg=colour)} {word:{LABEL}} {told}".rstrip(" "))

    def _listed(self, text: str) -> str:
        return text if self.verbose else in_short(text)

    def _say(self, text: str) -> None:
        self._going_on.pop(LOOK, None)
        self._painter.say(text)

    def _below(self) -> str:
        """Return what is going on, for a terminal: the stages, and a line for each activity."""
        now, on = time.monotonic(), medium(self._stderr)
        every = list(self._going_on.values())
        lines = [stages_line(list(self._stages.values()), every, now, on)]
        shown = [wrapped(one.line(now), on.width, 4, 4) for one in every[:AT_ONCE]]
        lines += [f"  {spinner(now)} {text}" for text in shown if text not in self._stages]
        if len(every) > AT_ONCE:
            lines.append(f"    … and {len(every) - AT_ONCE} more")
        return "\n".join(filter(None, lines))

    def _news(self) -> str:
        """Return what has been going on for a while, for what does not move."""
        now = time.monotonic()
        news = [one.line(now) for one in list(self._going_on.values()) if one.is_news(now)]
        return "\n".join(f"  … {'Running':{LABEL}} {one}" for one in news)


def _stage(name: str) -> str:
    return name.partition(" ")[0]


def _shown(event: Done | Skipped | Failed | Undone) -> tuple[str, str, str, str]:
    """Return the mark, its colour, the word and the detail of an event.

    A ✓ is only for what was done. Why a step failed is the error that ends the run.
    """
    if isinstance(event, Done):
        return "✓", "green", event.step.title, event.detail
    if isinstance(event, Skipped):
        return "·", "bright_black", event.step.title, event.detail
    if isinstance(event, Failed):
        return "✗", "red", "Stopped", event.step.describe()
    return "↶", "yellow", "Undone", f"{event.tags}: nothing of it is left on the remote"
