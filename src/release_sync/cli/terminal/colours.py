"""Texts in the colours that git and compilers have taught people: a diff, a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devclikit.plain import plain
from devclikit.terminal.lines import painted
from devclikit.terminal.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devclikit.terminal.medium import Medium
    from release_sync.rules.finding import Finding

SIGNS: dict[str, dict[str, Any]] = {"@": {"fg": "cyan"}, "-": {"fg": "red"}, "+": {"fg": "green"}}
"""What git's `color.diff` has for them."""

HEADER = 2
"""The lines of a diff that name its files."""


def diff(lines: Sequence[str], on: Medium) -> str:
    """Return a unified diff; each line of it is only read, and begins with its own sign."""
    shown = []
    for number, line in enumerate(lines):
        style = {"bold": True} if number < HEADER else SIGNS.get(line[:1], {})
        width = on.width if number >= HEADER else None  # a path is not broken
        shown += [painted(part, on, **style) for part in _parts(plain(line.expandtabs()), width)]
    return "\n".join(shown)


def _parts(line: str, width: int | None) -> list[str]:
    """Break a line of a diff, and begin each part as it begins: none can be taken for another."""
    if width is None:
        return [line]
    sign, rest = line[:1], line[1:].replace("\n", "?")
    return [f"{sign}{part}" for part in wrapped(rest, width - 1, 4).split("\n")]


def finding_text(finding: Finding, source: str, caret: str, on: Medium) -> str:
    """Return a finding as compilers show them: where, what, and the source line above a caret."""
    place, _, words = plain(str(finding)).partition(f": {finding.code} ")
    told = wrapped(f"{place}: {finding.code} {words}", on.width, 4)
    head = painted(place, on, bold=True)
    code = painted(finding.code, on, fg="red", bold=True)
    told = told.replace(place, head, 1).replace(finding.code, code, 1)
    if not source:
        return told
    line, mark = _window(source, caret, on.width)
    return f"{told}\n    {line}\n    {painted(mark, on, fg='red', bold=True)}"


def _window(source: str, caret: str, width: int | None) -> tuple[str, str]:
    """Return what fits of a line, around its caret."""
    source, caret = source.expandtabs(), caret.expandtabs()
    room = None if width is None else width - 4
    if room is None or len(source) <= room:
        return plain(source), caret
    start = min(max(0, len(caret) - room // 2), len(source) - room)
    part = source[start : start + room]
    part = ("…" if start else part[:1]) + part[1:]
    if start + room < len(source):
        part = f"{part[:-1]}…"
    return plain(part), f"{' ' * (len(caret) - 1 - start)}^"
