"""``release-sync history``: the releases that were made, and what they come to."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from devclikit.everywhere import Command
from devclikit.plain import plain
from devclikit.terminal.medium import medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli import completions, options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.screen import Screen
from release_sync.cli.terminal.tables import Row, table
from release_sync.effects.released_to import Releases
from release_sync.plan.amounts import counted
from release_sync.run.history.history import history
from release_sync.seals.pending import enumeration

if TYPE_CHECKING:
    from devclikit.terminal.medium import Medium
    from release_sync.run.history.history import GroupHistory
    from release_sync.run.history.past import Past, Summary

COLUMNS = ("version", "day", "by", "sealed in", "members", "files", "bytes", "")


@click.command("history", cls=Command)
@click.option("--group", default="", metavar="NAME", shell_complete=completions.groups,
              help="Only the releases of this group.")  # fmt: skip
@options.as_json
def command(group: str, *, as_json: bool) -> None:
    """Show the releases that were made of this repository, as its tags and seals tell them.

    And how many that is in a month, how long one takes, and how many were given up.
    """
    with nullcontext() if as_json else Screen():
        found = history(Releases(options.HERE), time.time(), group)
    on = medium(sys.stdout)
    for one in found:
        if as_json:
            JsonLines(runs=False).report("history", **history_fields(one))
        else:
            click.echo(text(one, on, named=len(found) > 1), color=True)


def text(found: GroupHistory, on: Medium, *, named: bool = False) -> str:
    """Return a table of the releases of a group, and a line of what they come to."""
    rows = [_row(one) for one in found.releases]
    lines = [f"{found.group}:"] if named else []
    lines += [table(COLUMNS, rows, on, verbose=True)] if rows else []
    lines += [wrapped(in_words(found.summary), on.width, 4)]
    lines += [wrapped(plain(f"note: {words}"), on.width, 4) for words in found.notes]
    return "\n".join(lines)


def _row(one: Past) -> Row:
    name = one.who.partition(" <")[0]
    others = [one.primary] if one.primary else [*one.companions]
    amounts = (None if one.members is None else len(one.members), one.files, one.size)
    remarks = (
        "given up" if one.is_abandoned else "",
        f"with {enumeration(others)}" if others else "",
        "" if one.seal else "no seal",
    )
    remark = ", ".join(filter(None, remarks))
    cells = (
        day(one.time),
        name or "-",
        "-" if one.seconds is None else f"{one.seconds}s",
        *("-" if amount is None else str(amount) for amount in amounts),
        remark,
    )
    return Row(one.version, cells, "yellow" if one.is_abandoned else "")


def day(seconds: int | None) -> str:
    """Return a day as ``2026-11-24``, in UTC; ``-`` for none."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d") if seconds else "-"
    except (ValueError, OverflowError, OSError):  # a tag may say any number
        return "-"


def in_words(found: Summary) -> str:
    """Return in one line what the releases come to."""
    if found.a_month is None:
        return "no release yet" + (f"; {found.abandoned} given up" if found.abandoned else "")
    took = "" if found.median is None else f"; sealed in {found.median:.0f}s (median)"
    lost = f"; {found.abandoned} given up ({found.share:.0%})" if found.abandoned else ""
    made = counted(found.releases, "release")
    return f"{made} since {day(found.since)}, {found.a_month:.1f} a month{took}{lost}"


def history_fields(found: GroupHistory) -> dict[str, Any]:
    """Return the fields that say the same; what is not known is null."""
    total = found.summary
    return {
        "group": found.group,
        "releases": [
            {
                "version": one.version,
                "tag": one.tag,
                "time": one.time or None,
                "by": one.who,
                "seal": one.seal,
                "seconds": one.seconds,
                "members": None if one.members is None else list(one.members),
                "files": one.files,
                "size": one.size,
                "abandoned": one.is_abandoned,
                "with": one.primary,
                "companions": list(one.companions),
            }
            for one in found.releases
        ],
        "summary": {
            "releases": total.releases,
            "abandoned": total.abandoned,
            "since": total.since,
            "a_month": total.a_month,
            "median_seconds": total.median,
            "share_abandoned": total.share,
        },
        "notes": list(found.notes),
    }
