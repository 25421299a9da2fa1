"""The choice between the screen and JSON lines for the output of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.cli.events_json import JsonLines
from release_sync.cli.screen import Screen

if TYPE_CHECKING:
    from release_sync.run.talk import Talk


def talk(*, as_json: bool, yes: bool) -> Talk:
    """Return who shows it; with ``yes``, ordinary questions are not asked."""
    return JsonLines(yes=yes) if as_json else Screen(yes=yes)
