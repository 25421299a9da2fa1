"""``release-sync audit``: every release that was ever made, as the index serves it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from devclikit.everywhere import Command
from devclikit.plain import plain
from devclikit.settings import settings
from devclikit.terminal.medium import medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli import options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.screen import Screen
from release_sync.cli.terminal.tables import Row, table
from release_sync.effects.tagged_releases import open_releases
from release_sync.plan.amounts import some
from release_sync.run.auditing.audit import audit, problem, since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devclikit.terminal.medium import Medium
    from release_sync.audit.judgement import Line
    from release_sync.audit.repair import Way
    from release_sync.run.auditing.audit import GroupAudit

COLUMNS = ("version", "is", "siblings", "resolves", "")
ANSWERS = {True: "yes", False: "no", None: "?"}


@click.command("audit", cls=Command)
@options.group
@options.index
@click.option("--since", "begin", default="", metavar="VERSION",
              help="Begin with this version, or with that of a tag.")  # fmt: skip
@options.as_json
def command(group: str, index: str, begin: str, *, as_json: bool) -> None:
    """Judge every release that was ever made, by its tags and by what the index serves.

    It needs no seal, so it works on projects that were released in other ways; and in a bare clone.
    """
    if as_json:
        found = open_releases(options.HERE, index)
        audits = audit(found.groups, found.index, group, since(begin, found.patterns))
        for one in audits:
            JsonLines(runs=False).report("audit", index=found.index.name, **audit_fields(one))
    else:
        with Screen() as screen, screen.doing("read the release tags") as report:
            found = open_releases(options.HERE, index, report)
            begun = since(begin, found.patterns)
            audits = audit(found.groups, found.index, group, begun, report)
        on = medium(sys.stdout)
        for one in audits:
            click.echo(text(one, on, named=len(audits) > 1, verbose=settings().verbose), color=True)
    wrong = problem(audits, found.index.name)
    if wrong is not None:
        raise wrong


def text(found: GroupAudit, on: Medium, *, named: bool = False, verbose: bool = False) -> str:
    """Return a table of the versions of a group, and how each that is wrong can be repaired."""
    rows = [_row(line) for line in found.lines]
    lines = [f"{found.group}:"] if named else []
    lines.append(table(COLUMNS, rows, on, verbose=verbose))
    if found.lines and not any(line.tag for line in found.lines):
        words = f"no release tag of {found.group} is here: run `git fetch --tags` if there are some"
        lines.append(wrapped(words, on.width, 4))
    if found.never:
        lines.append(f"never published: {', '.join(found.never)}")
    lines += [wrapped(plain(words), on.width, 4) for words in _repairs(found)]
    return "\n".join(lines)


def _row(line: Line) -> Row:
    state = "?" if line.required is None else line.state.value if line.state else "-"
    resolves = "-" if not line.files.has else ANSWERS[line.resolves]
    cells = (line.word.value, state, resolves)
    tag = () if line.tag or line.word.value == "untagged" else ("no tag",)
    remarks = "; ".join((*line.remarks, *tag))
    return Row(line.version, (*cells, remarks), "red" if line.is_wrong else "", (*cells, ""))


def _repairs(found: GroupAudit) -> Iterator[str]:
    """Yield each way to repair something, with the versions that it is for."""
    versions: dict[Way, list[str]] = {}
    for line in found.lines:
        for way in line.repair:
            versions.setdefault(way, []).append(line.version)
    for way, of in versions.items():
        command = f": {way.command}" if way.command else ""
        yield f"repair {some(of)}: {way.does}{command}"


def audit_fields(found: GroupAudit) -> dict[str, Any]:
    """Return the fields that say how the versions of a group are."""
    return {
        "group": found.group,
        "pin": found.pin,
        "ok": not any(line.is_wrong for line in found.lines),
        "never": list(found.never),
        "versions": [_line_fields(line) for line in found.lines],
    }


def _line_fields(line: Line) -> dict[str, Any]:
    files = line.files
    return {
        "version": line.version,
        "tag": line.tag,
        "word": line.word.value,
        "ok": not line.is_wrong,
        "members": list(files.has),
        "missing": list(files.missing),
        "lacking": [{"member": name, "kind": kind.value} for name, kind in files.lacking],
        "unserved": [name for _, name in files.unserved],
        "foreign": list(files.foreign),
        "yanked": list(files.yanked),
        "resolves": line.resolves,
        "siblings": None if line.required is None else [
            {
                "member": one.member,
                "sibling": one.sibling,
                "requirement": one.requirement,
                "state": one.state.value,
                "takes": one.takes,
            }
            for one in line.required
        ],
        "repair": [{"does": way.does, "command": way.command} for way in line.repair],
    }  # fmt: skip
