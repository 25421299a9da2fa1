"""The screen of a release: progress and questions on stderr, data on stdout."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

from devclikit.terminal.medium import medium
from devclikit.terminal.reporter import DONE, FAILED, NOTE, SKIPPED, Mark, Reporter
from release_sync.cli.asking import confirm
from release_sync.cli.difference import difference
from release_sync.cli.terminal.colours import diff
from release_sync.cli.terminal.long_lists import FEW, MOST, in_short
from release_sync.cli.terminal.planned import headline, order
from release_sync.cli.terminal.stages import Stage, stages_line, stages_of, together
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
    from collections.abc import Container, Sequence
    from types import TracebackType
    from typing import Self

    from devclikit.terminal.activity import Activity
    from devclikit.terminal.medium import Medium
    from release_sync.plan.release import Release
    from release_sync.toml.edits import FileEdit

LOOK = "look at the remote and the index"

UNDONE = Mark("↶", "yellow")


class Screen(Reporter):
    """Shows a plan, and then each event of the run as it happens."""

    def __init__(self, *, yes: bool = False) -> None:
        """Write to stderr. ``yes`` answers questions.

        What the user wants of it is in the settings: unless it is verbose, of a long list of names
        the first few are shown; when it is quiet, neither what is going on nor what was done is.
        """
        super().__init__()
        self.yes = yes
        self._stages: dict[str, Stage] = {}
        self._failures: list[Failed] = []
        self._alike: Counter[tuple[Mark, str]] = Counter()
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Begin, with what every command does first."""
        self.begin(LOOK, passing=True)
        return self

    def __exit__(
        self, _type: object, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Leave a quiet screen to whoever says how it ended, and say what that will not.

        Of several uploads that failed side by side, the error is about one.
        """
        self.rest()
        self._count()
        for one in self._failures:
            reason, _, _ = one.reason.partition("\n")
            if reason not in str(error):
                self.event(FAILED, "Also", f"{one.step.describe()}: {reason}")

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
        self.say(diff(lines, medium(self._stderr)))

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Ask. Raises Problem unless the answer is yes."""
        self.rest()
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
                    self.event(NOTE, "Note", printable(note))

    def _tell(self, event: Done | Skipped | Failed | Undone) -> None:
        """Write how a step ended; of many of one kind that are done, the first few."""
        mark, word, text = _shown(event)
        stage = None
        if isinstance(event, Done | Skipped) and not self.verbose:
            stage = self._stages.get(_stage(step_name(event.step)))
        if stage is None or stage.total <= MOST:
            self._count()
            self.event(mark, word, text)
            return
        self._alike[mark, word] += 1
        if self._alike[mark, word] <= FEW:
            self.event(mark, word, text)
        if not stage.left:
            self._count()

    def _count(self) -> None:
        """Write how many more there are of what was only counted."""
        for head, number in self._alike.items():
            if number > FEW:
                self.event(*head, f"… and {number - FEW} more")
        self._alike.clear()

    def _note(self, event: Event) -> None:
        """Keep what is going on after an event, and how far it is."""
        if isinstance(event, Running):
            self._stages = stages_of(_stage(step_name(step)) for step in event.steps)
        elif isinstance(event, Started):
            self.begin(step_name(event.step), _stage(step_name(event.step)))
        elif isinstance(event, Progress):
            activity = self._going_on.get(step_name(event.step))
            if activity is not None:
                activity.tell(event.what, event.done, event.total, event.unit)
        elif isinstance(event, Done | Skipped | Failed):
            self._ended(event)

    def _ended(self, event: Done | Skipped | Failed) -> None:
        self.end(step_name(event.step))
        stage = self._stages.get(_stage(step_name(event.step)))
        if stage is not None:
            stage.left -= 1
            stage.took += event.seconds if isinstance(event, Done) else 0
        if isinstance(event, Failed):
            self._failures.append(event)

    def listed(self, text: str) -> str:
        """Return a text in which long lists are short, unless all is wanted."""
        return text if self.verbose else in_short(text)

    def below(
        self, every: Sequence[Activity], now: float, on: Medium, but: Container[str] = ()
    ) -> list[str]:
        """Return the stages of the release, and what is going on that they don't say."""
        head = stages_line(list(self._stages.values()), every, now, on)
        return [head, *super().below(every, now, on, but or self._stages)]

    def at_work(self) -> list[Activity]:
        """Return what is going on, as one what is of many steps of one kind."""
        return together(super().at_work(), self._stages, MOST)


def _stage(name: str) -> str:
    return name.partition(" ")[0]


def _shown(event: Done | Skipped | Failed | Undone) -> tuple[Mark, str, str]:
    """Return the mark, the word and the detail of an event.

    Why a step failed is the error that ends the run.
    """
    if isinstance(event, Done):
        return DONE, event.step.title, event.detail
    if isinstance(event, Skipped):
        return SKIPPED, event.step.title, event.detail
    if isinstance(event, Failed):
        return FAILED, "Stopped", event.step.describe()
    return UNDONE, "Undone", f"{event.tags}: nothing of it is left on the remote"
