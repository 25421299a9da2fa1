"""What `resume --dry-run` and `abort --dry-run` show: what is pending, and every way out of it."""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from devclikit.plain import plain
from devclikit.terminal.lines import LABEL, labelled
from devclikit.terminal.medium import medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli.events_json import JsonLines
from release_sync.cli.reporting.as_json import inspection_fields
from release_sync.errors import NothingPending
from release_sync.plan.amounts import counted
from release_sync.run.before.inspection import inspect
from release_sync.run.remaining import IN_FILES
from release_sync.seals.pending import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.bundle_folder import BundleFolder
    from release_sync.effects.context import ReleaseContext
    from release_sync.run.before.inspection import Inspection

LATEST = 253402300799
"""The end of the year 9999, in seconds since 1970: Python knows no later time."""

MANY = 20
"""From so many files on, only those are listed that are not there."""


def show(
    context: ReleaseContext,
    group: str,
    *,
    as_json: bool,
    seal: str = "",
    land: str = "",
    folder: BundleFolder | None = None,
    must_be: bool = False,
) -> None:
    """Print what is pending; where nothing is and something ``must_be``, raise that."""
    seen = inspect(context, group, seal=seal, land=land, folder=folder)
    if seen.found.pending is None:
        if must_be:
            raise NothingPending(group)
        if as_json:
            JsonLines(runs=False).line("Nothing", seen.stopped)
        else:
            click.echo(labelled("Nothing", seen.stopped, medium(sys.stdout)), color=True)
    elif as_json:
        JsonLines(runs=False).pending(seen.found, seen.steps, **inspection_fields(seen))
    else:
        width = medium(sys.stdout).width
        click.echo("\n".join(wrapped(plain(line), width, hang(line)) for line in lines(seen)))


def lines(seen: Inspection) -> Iterator[str]:
    """Yield what is pending as text, line by line."""
    sealed, claim = seen.found.sealed, seen.found.release.claim
    groups = enumeration([one.group for one in sealed.groups])
    yield f"{'Pending':{LABEL}} {sealed.name} of {groups}: {seen.found.state.value}"
    label = "Sealed" if sealed.artifacts else "Reserved"
    yield f"{label:{LABEL}} {moment(sealed.time)} by {sealed.holder or 'somebody'}"
    if claim is not None:
        yield f"{'Begun':{LABEL}} {moment(claim.time)} by {claim.who or 'somebody'}"
    yield f"{'Stopped':{LABEL}} {seen.stopped}"
    yield from ("", f"Files of {sealed.name} on {sealed.index}")
    yield from files(seen)
    yield from ("", "Refs")
    widest = max(len(one.where) for one in seen.refs)
    yield from (f"  {one.where:{widest}}  {one.oid[:12]}  {one.name}" for one in seen.refs)
    yield from ("", "What each would do")
    widest = max(len(one.command) for one in seen.ways)
    for way in seen.ways:
        refused = "refused: " if way.refused else ""
        yield f"  {way.command:{widest}}  {refused}{way.does}"


def hang(line: str) -> int:
    """Return the indent of what follows a broken line: where its second column begins."""
    column = re.match(r"( *)\S+(?: \S+)* {2,}", line)
    return len(column[0]) - len(column[1]) if column else 4


def files(seen: Inspection) -> Iterator[str]:
    """Yield the files of a release; of many, how many there are and which are not as sealed."""
    shown = list(seen.files)
    if len(shown) > MANY:
        for answer, number in Counter(answer for _, answer in shown).items():
            yield f"  {IN_FILES[answer]:12} {counted(number, 'file')}"
        shown = [one for one in shown if IN_FILES[one[1]] != "there"][:MANY]
    for one, answer in shown:
        yield f"  {IN_FILES[answer]:12} {one.filename}  {size(one.size)}  sha256 {one.sha256[:12]}"


def moment(seconds: int) -> str:
    """Return a time as people write it, in UTC; ``seconds`` are since 1970.

    A tagger may have written any number.
    """
    return f"{datetime.fromtimestamp(min(seconds, LATEST), UTC):%Y-%m-%d %H:%M} UTC"


def size(count: int) -> str:
    """Return a number of bytes, short."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:  # noqa: PLR2004 - SI
            return f"{count} {unit}"
        count = round(count / 1000)
    return f"{count} GB"
