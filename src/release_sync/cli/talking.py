"""The choice between the screen and JSON lines for the output of a command."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from devclikit.plain import plain
from devclikit.terminal.medium import medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli.events_json import JsonLines
from release_sync.cli.screen import Screen
from release_sync.run.before.uncommitted import uncommitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.context import ReleaseContext
    from release_sync.run.talk import Talk


def name_workspace(context: ReleaseContext, screen: Talk) -> None:
    """Show which workspace it is about, when it is not the one at the repository's top."""
    if context.names.path:
        screen.line("Workspace", context.names.path)


def note_uncommitted(context: ReleaseContext, *, as_json: bool) -> None:
    """Write first which settings on disk do not count. Raises Problem where none is committed."""
    note = uncommitted(context)
    if note and as_json:
        JsonLines(runs=False).line("Note", note)
    elif note:
        words = plain(f"note: {note}")
        click.echo(wrapped(words, medium(sys.stderr).width, 4), err=True)


@contextmanager
def talk(*, as_json: bool, yes: bool) -> Iterator[Screen | JsonLines]:
    """Hand out who shows it, for as long as it lasts; with ``yes``, it asks no ordinary question.

    Nothing moves on the screen any more when that has ended, however it ends.
    """
    if as_json:
        yield JsonLines(yes=yes)
        return
    with Screen(yes=yes) as screen:
        yield screen
