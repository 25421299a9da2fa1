"""``release-sync notes``: what is told of a release where it is announced."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from devclikit.everywhere import Command
from devclikit.plain import show
from release_sync.cli import completions, options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.requests import asked, spoken
from release_sync.cli.screen import Screen
from release_sync.effects.opening import open_context
from release_sync.effects.released_to import Releases
from release_sync.errors import Several
from release_sync.run.notes.choosing import next_notes, released_notes
from release_sync.run.notes.markdown import markdown

if TYPE_CHECKING:
    from release_sync.run.notes.notes import Notes


@click.command("notes", cls=Command)
@click.argument("word", default="", metavar="[TAG]", shell_complete=completions.tags)
@click.option("--group", default="", metavar="NAME", shell_complete=completions.groups,
              help="Only of the release of this group.")  # fmt: skip
@click.option(
    "--next",
    "comes",
    is_flag=True,
    help="Of the release that is pending, or comes next: then TAG is a level, or a version.",
)
@options.as_json
def command(word: str, group: str, *, comes: bool, as_json: bool) -> None:
    """Print the notes of a release, as Markdown for the page of it on a forge.

    TAG is a tag, or a version; without it, it is the newest release of each group. They have what
    the changelogs say, the packages, each file with its hash, and how to verify that.
    """
    if comes:
        _next(word, group, as_json=as_json)
        return
    for one in _released(word, group):
        _print(one, as_json=as_json)


def _print(found: Notes, *, as_json: bool) -> None:
    if as_json:
        JsonLines(runs=False).report("notes", **notes_fields(found))
    else:
        show(markdown(found), nl=False)


def _released(tag: str, group: str) -> tuple[Notes, ...]:
    return released_notes(Releases(options.HERE), tag, group)


def _next(word: str, group: str, *, as_json: bool) -> None:
    """Print the notes of what comes next. Raises what is against it, as `plan` does."""
    words, groups = ((word,) if word else ()), ((group,) if group else ())
    request = asked(spoken(words, (), ()), groups)
    context = open_context(options.HERE)
    with nullcontext() if as_json else Screen():
        found, against = next_notes(context, request)
    if not isinstance(found, str):
        _print(found, as_json=as_json)
    elif as_json:
        JsonLines(runs=False).line("Nothing", found)
    else:
        show(found, err=True)
    if against:
        raise Several(against)


def notes_fields(found: Notes) -> dict[str, Any]:
    """Return the fields that say the same, and the Markdown."""
    sealed = found.sealed
    return {
        "seal": sealed.oid,
        "candidate": sealed.candidate,
        "index": sealed.index,
        "groups": [
            {
                "group": one.group,
                "version": one.version,
                "tag": one.tag,
                "members": list(one.members),
                "entries": [each._asdict() for each in one.entries],
            }
            for one in found.groups
        ],
        "files": [
            {
                "member": one.member,
                "filename": one.filename,
                "size": one.size,
                "sha256": one.sha256,
            }
            for one in sealed.in_upload_order
        ],
        "markdown": markdown(found),
    }
