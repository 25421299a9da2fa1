"""Events as JSON, one object a line; ``docs/events.md`` says what each field means."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from devclikit.output import Onward
from release_sync.cli.asking import confirm
from release_sync.cli.difference import difference
from release_sync.cli.json_objects import write
from release_sync.cli.reporting.as_json import pending_fields, situation_fields
from release_sync.plan.sequence import of
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

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from devclikit.terminal.activity import Tell
    from release_sync.plan.release import Release
    from release_sync.run.pending import Found
    from release_sync.run.remaining import RemainingStep
    from release_sync.toml.edits import FileEdit


class JsonLines:
    """Writes a plan and each event to stdout, a line each. A listener, like the screen."""

    def __init__(self, *, yes: bool = False, runs: bool = True) -> None:
        """Answer questions with ``yes``, or ask them on a terminal.

        What ``runs`` goes on when nobody reads its events; a plan is nothing but what is read.
        """
        self.yes = yes
        self.out = Onward(sys.stdout) if runs else sys.stdout

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Ask. Raises Problem unless the answer is yes."""
        confirm(question, yes=self.yes, typed=typed)

    def difference(self, edit: FileEdit) -> None:
        """Write what an edit changes, as a diff."""
        text = "\n".join(difference(edit.path, edit.before, edit.after))
        self._write("edit", path=edit.path, diff=text)

    def doing(self, words: str) -> AbstractContextManager[Tell]:
        """Write nothing: it is no step of a release."""
        del words
        return nullcontext(lambda *_: None)

    def line(self, label: str, text: str) -> None:
        """Write a fact."""
        self._write("fact", label=label.lower(), text=text)

    def plan(self, release: Release) -> None:
        """Write what will be released."""
        self._write("plan", **as_object(release))

    def pending(self, found: Found, steps: Iterable[RemainingStep], **more: object) -> None:
        """Write what is pending, what of it is done, and ``more`` fields."""
        left = [
            {"step": step.name, "description": step.description, "seen": step.seen}
            for step in steps
        ]
        self._write("pending", **pending_fields(found), steps=left, **more)

    def report(self, event: str, **fields: object) -> None:
        """Write what a command found that only looks."""
        self._write(event, **fields)

    def __call__(self, event: Event) -> None:
        """Write one event."""
        if isinstance(event, Undone):
            self._write("undone", tag=event.tag, others=list(event.others))
            return
        if isinstance(event, Running):
            self._write("running", steps=[step_name(step) for step in event.steps])
            return
        more: dict[str, Any] = {}
        if isinstance(event, Done):
            seconds = round(event.seconds, 3)
            more = {"detail": event.detail, "seconds": seconds, "notes": list(event.notes)}
        elif isinstance(event, Skipped):
            more = {"detail": event.detail}
        elif isinstance(event, Failed):
            more = {"reason": event.reason}
        elif isinstance(event, Progress):
            done, total, seconds = (round(n, 3) for n in (event.done, event.total, event.seconds))
            more = {"what": event.what, "done": done, "total": total, "unit": event.unit,
                    "seconds": seconds}  # fmt: skip
        self._write(_NAMES[type(event)], step=step_name(event.step), **more)

    def _write(self, event: str, **fields: object) -> None:
        write(event, self.out, **fields)


_NAMES: dict[type, str] = {
    Started: "started",
    Progress: "progress",
    Done: "done",
    Skipped: "skipped",
    Failed: "failed",
}


def as_object(release: Release) -> dict[str, Any]:
    """Return a release as JSON's own types."""
    draft = release.draft
    return {
        "folder": release.folder,
        "group": draft.group,
        "previous": release.previous,
        "version": draft.version,
        "tag": draft.tag,
        "groups": [
            {
                "group": one.group,
                "previous": one.previous,
                "version": one.version,
                "tag": one.tag,
                "members": list(one.members),
                "since": since.tag,
            }
            for one, since in zip(release.groups, release.situation.since, strict=True)
        ],
        "branch": draft.branch,
        "remote": release.remote,
        "index": draft.index,
        "base": draft.base,
        "existing": draft.existing,
        "message": release.message,
        "levels": [list(level) for level in draft.levels],
        "edits": [edit.path for edit in release.edits],
        "notes": list(release.notes),
        "isolation": release.isolation,
        "strategy": release.draft.strategy.value,
        **situation_fields(release.situation),
        "answers": {label.lower(): text for label, text in release.observations},
        "steps": [
            {"step": step_name(step), "description": step.describe()} for step in of(release)
        ],
    }
