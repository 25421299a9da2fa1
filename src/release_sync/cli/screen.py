"""The screen of a release: progress and questions on stderr, data on stdout."""

from __future__ import annotations

import sys
from threading import Lock
from typing import TYPE_CHECKING, cast

import click
from rich.console import Console
from rich.markup import escape

from devclikit.ending import asked
from devclikit.output import Onward
from devclikit.plain import plain
from release_sync.cli.difference import difference
from release_sync.errors import Cancelled, Problem
from release_sync.plan.preflight import some
from release_sync.plan.release import Release, steps
from release_sync.run.events import (
    Done,
    Event,
    Failed,
    Progress,
    Running,
    Skipped,
    Started,
    Undone,
)
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self, TextIO

    from rich.status import Status

    from release_sync.run.pending import Found
    from release_sync.run.remaining import RemainingStep
    from release_sync.toml.edits import FileEdit

WIDTH = 10


class Screen:
    """Shows a plan, and then each event of the run as it happens."""

    def __init__(self, *, yes: bool = False) -> None:
        """Write to stderr; colour and motion only on a terminal. ``yes`` answers questions."""
        self.yes = yes
        # A release goes on when nobody sees it.
        seen = cast("TextIO", Onward(sys.stderr))
        self.console = Console(file=seen, highlight=False, soft_wrap=True)
        self._status: Status | None = None
        self._running: list[str] = []
        self._failures: list[Failed] = []
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, _type: object, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Leave a quiet screen to whoever says how it ended, and say what that will not.

        Of several uploads that failed side by side, the error is about one.
        """
        with self._lock:
            self._running.clear()
            self._spin()
        for one in self._failures:
            reason, _, _ = one.reason.partition("\n")
            if reason not in str(error):
                self._event("[red]✗[/]", "Also", f"{one.step.describe()}: {reason}")

    def line(self, label: str, text: str) -> None:
        """Write one line of facts."""
        self.console.print(f"[bold]{label:{WIDTH}}[/] {escape(plain(text))}")

    def plan(self, release: Release) -> None:
        """Show what will be released, in short."""
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
        for line in difference(edit.path, edit.before, edit.after):
            self.console.print(escape(plain(line.expandtabs())))

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Ask. Raises Problem unless the answer is yes."""
        confirm(question, yes=self.yes, typed=typed)

    def __call__(self, event: Event) -> None:
        """Show one event; those of uploads come from several threads."""
        if isinstance(event, Running | Progress):
            return
        with self._lock:
            if isinstance(event, Started):
                self._running.append(event.step.describe())
            elif isinstance(event, Done | Failed) and event.step.describe() in self._running:
                self._running.remove(event.step.describe())
            self._spin()
            if isinstance(event, Failed):
                self._failures.append(event)
            if not isinstance(event, Started):
                self._event(*_shown(event))
            if isinstance(event, Done):
                for note in event.notes:
                    self._event("[yellow]![/]", "Note", printable(note))

    def _event(self, mark: str, word: str, text: str) -> None:
        self.console.print(f"  {mark} {word:{WIDTH}} {escape(plain(text))}")

    def _spin(self) -> None:
        """Show what is going on; without a terminal, nothing moves."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        if self._running:
            self._status = self.console.status(f"{escape(plain(', '.join(self._running)))} …")
            self._status.start()


def _shown(event: Started | Done | Skipped | Failed | Undone) -> tuple[str, str, str]:
    """Return the mark, the word and the detail of an event. A ✓ is only for what was done.

    Why a step failed is the error that ends the run.
    """
    if isinstance(event, Done):
        return "[green]✓[/]", event.step.title, event.detail
    if isinstance(event, Skipped):
        return "[dim]·[/]", event.step.title, event.detail
    if isinstance(event, Failed):
        return "[red]✗[/]", "Stopped", event.step.describe()
    if isinstance(event, Undone):
        return "[yellow]↶[/]", "Undone", f"{event.tag}: nothing of it is left on the remote"
    return "[dim]…[/]", event.step.title, event.step.describe()


def headline(release: Release) -> list[tuple[str, str]]:
    """Return the two lines that say what a release is."""
    draft = release.draft
    names = sorted(draft.members)
    count = f"{len(names)} packages in lockstep" if len(names) > 1 else "1 package"
    where = f"{release.folder}: " if release.folder else ""
    return [
        ("Workspace", f"{where}{count} at {release.previous}: {', '.join(names)}"),
        (
            "Plan",
            f"{release.previous} → {draft.version}, branch {draft.branch}, index {draft.index}",
        ),
    ]


def order(release: Release) -> str:
    """Return the members in the order of their upload, those of one level together."""
    return " → ".join(some(level) for level in release.draft.levels)


def described(release: Release) -> str:
    """Return the whole plan as text: the headline, each edit as a diff, and the steps."""
    lines = [f"{label:{WIDTH}} {text}" for label, text in headline(release)]
    lines += [f"{'Note':{WIDTH}} {note}" for note in release.notes]
    lines += [f"{'Order':{WIDTH}} {order(release)}"]
    seen = (*release.observations, ("Isolation", release.isolation))
    lines += [*(f"{label:{WIDTH}} {text}" for label, text in seen), ""]
    above = f"{release.folder}/" if release.folder else ""
    for edit in release.edits:
        lines += difference(f"{above}{edit.path}", edit.before, edit.after)
    lines += ["", "Steps"]
    lines += [f"  {number}. {step.describe()}" for number, step in enumerate(steps(release), 1)]
    return "\n".join(lines)


def left_over(found: Found, steps: Iterable[RemainingStep]) -> str:
    """Return what is pending as text: each step that may be left, and what the world says of it."""
    sealed, pending = found.sealed, found.pending
    who = pending.who if pending else ""
    lines = [f"{'Pending':{WIDTH}} {sealed.tag}: {found.state.value}; {who}", ""]
    lines += [f"  {step.words:12} {step.description}" for step in steps]
    return "\n".join([*lines, "", "`release-sync resume` finishes it"])


def confirm(question: str, *, yes: bool, typed: bool = False) -> None:
    """Ask once on a terminal. Raises Problem where nobody can be asked, or the answer is no.

    What is to be ``typed`` is answered by the word `yes` in full, and by no option.
    """
    if yes and not typed:
        return
    question = plain(question)
    if not sys.stdin.isatty():
        raise Problem(
            f"a prompt needs a terminal: {question}",
            hint="name the release that was approved with `--seal OID`"
            if typed
            else "in CI, pass `--yes`",
        )
    with asked():
        if typed:
            agreed = click.prompt(f"{question} Type yes", default="no", err=True) == "yes"
        else:
            agreed = click.confirm(question, err=True)
    if not agreed:
        raise Cancelled
