"""Tables that fit a terminal: aligned where there is room, and a row below the other elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from devclikit.plain import plain
from devclikit.terminal.lines import painted
from devclikit.terminal.wrapping import columns as taken
from devclikit.terminal.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devclikit.terminal.medium import Medium

MOST = 20
"""So many rows are shown; of more, those that say the same are counted behind the first ``FEW``."""

FEW = 3


class Row(NamedTuple):
    """What a row is about, what is said of it, and in which colour.

    ``alike`` are the cells of a row that stands for several such, where not all are the same.
    """

    head: str
    cells: tuple[str, ...]
    colour: str = ""
    alike: tuple[str, ...] = ()


def table(columns: Sequence[str], rows: Sequence[Row], on: Medium, *, verbose: bool = False) -> str:
    """Return rows below the names of their columns, the last of which may be of several lines.

    No word is broken. Where the others leave the last one too little room, each row is a paragraph.
    Unless ``verbose``, long tables are summarised: exceptions are always listed.
    """
    shown = list(rows) if verbose or len(rows) <= MOST else _in_short(rows)
    lines = [(row.head, *row.cells) for row in shown]
    widths = [max(map(taken, column)) for column in zip(columns, *lines, strict=True)]
    longest = max(taken(word) for line in (columns, *lines) for word in line[-1].split(" "))
    if on.width is not None and sum(widths[:-1]) + 2 * len(widths[1:]) + longest > on.width:
        return "\n".join(_paragraph(columns, row, on) for row in shown)
    return _aligned(columns, shown, on)


def _aligned(columns: Sequence[str], rows: Sequence[Row], on: Medium) -> str:
    lines: list[tuple[tuple[str, ...], dict[str, Any]]] = [(tuple(columns), {"bold": True})]
    lines += [((row.head, *row.cells), {"fg": row.colour} if row.colour else {}) for row in rows]
    shown = [tuple(map(plain, cells)) for cells, _ in lines]
    widths = [max(map(taken, column)) for column in zip(*shown, strict=True)][:-1]
    room = sum(widths) + 2 * len(widths)
    drawn = []
    for cells, (_, style) in zip(shown, lines, strict=True):
        padded = zip(cells, widths, strict=False)
        front = "".join(f"{cell}{' ' * (width - taken(cell))}  " for cell, width in padded)
        text = f"{front}{wrapped(cells[-1], on.width, room, room)}"
        drawn += [painted(line.rstrip(" "), on, **style) for line in text.split("\n")]
    return "\n".join(drawn)


def _paragraph(columns: Sequence[str], row: Row, on: Medium) -> str:
    style = {"fg": row.colour} if row.colour else {}
    told = " · ".join(
        f"{name} {cell}" if name else cell
        for name, cell in zip(columns[1:], row.cells, strict=True)
        if cell
    )
    head = painted(plain(row.head), on, bold=True)
    return f"{head}\n    {painted(wrapped(plain(told), on.width, 4, 4), on, **style)}"


def _in_short(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, of those of which the same is said the first few, and how many more."""
    same: dict[tuple[tuple[str, ...], str], list[Row]] = {}
    for row in rows:
        same.setdefault((row.alike or row.cells, row.colour), []).append(row)
    left = {key: every[FEW:] for key, every in same.items() if len(every) > FEW + 1}
    dropped = {id(row) for every in left.values() for row in every}
    counted = [Row(f"… and {len(every)} more", *key) for key, every in left.items()]
    return [*(row for row in rows if id(row) not in dropped), *counted]
