"""The protocol of what shows a release and asks about it: a screen, or JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from release_sync.plan.release import Release
    from release_sync.run.events import Event
    from release_sync.toml.edits import FileEdit


class Talk(Protocol):
    """A listener that also shows plans and facts, and asks questions."""

    def line(self, label: str, text: str) -> None:
        """Show a fact."""
        ...

    def plan(self, release: Release) -> None:
        """Show what will be released."""
        ...

    def difference(self, edit: FileEdit) -> None:
        """Show what an edit changes."""
        ...

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Ask. Raises Problem unless the answer is yes; ``typed`` ones no option answers."""
        ...

    def __call__(self, event: Event, /) -> None:
        """Handle an event."""
        ...
