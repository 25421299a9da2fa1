"""What `prepare` hands on to other jobs: as lines of a file, as an event, or on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from release_sync.cli.events_json import JsonLines
from release_sync.errors import Unreadable
from release_sync.run.before.as_it_is import asked_for
from release_sync.run.before.groups import choose_groups
from release_sync.run.pending import find_with_others
from release_sync.run.release_state import UNFINISHED

if TYPE_CHECKING:
    from release_sync.effects.context import ReleaseContext
    from release_sync.plan.facts import Request
    from release_sync.run.talk import Talk

option = click.option(
    "--outputs",
    default="",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Append group=…, commit=…, ref=…, tag=…, tags=…, version=… and seal=… to a file, such as"
    " $GITHUB_OUTPUT.",
)


def hand_on(context: ReleaseContext, request: Request, file: str, screen: Talk) -> None:
    """Show what is pending now of what was asked for, and append it to a ``file`` if one is named.

    A tag says which group that is. Raises Problem.

    Where nothing is pending, because there was nothing to release, nothing is shown.
    """
    there, seen, request = asked_for(context, request)
    group, *_ = choose_groups(there.workspace, request)
    found = find_with_others(there, seen, group.name)
    if found.state not in UNFINISHED:
        return
    sealed = found.sealed
    fields = {
        "group": sealed.group,
        "commit": sealed.candidate,
        "ref": there.names.pending(sealed.group),
        "tag": sealed.tag,
        "tags": " ".join(one.tag for one in sealed.groups),
        "version": sealed.version,
        "seal": sealed.oid,
    }
    if isinstance(screen, JsonLines):
        screen.report("prepared", **fields, state=found.state.name.lower())
    else:
        remote = there.repository.remote
        screen.line("Candidate", f"{sealed.candidate}, at {fields['ref']} on {remote}")
    if file:
        _append(file, fields)


def _append(file: str, fields: dict[str, str]) -> None:
    lines = "".join(f"{name}={value}\n" for name, value in fields.items())
    try:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(lines)
    except OSError as error:
        raise Unreadable(
            f"{file}: {error.strerror}", hint="the release is pending; run the same again"
        ) from error
