"""Tables fit, and of a long one the exceptions are there."""

from __future__ import annotations

import click

from devclikit.terminal.medium import Medium
from release_sync.cli.terminal.tables import Row, table
from release_sync.run.served_files import WORDS
from release_sync.run.status import COLUMNS
from release_sync.steps.observed import Observed

STATUS = [
    Row("erk", ("default", "0.1.11", "0.1.11", "0.1.11", "0.1.11")),
    Row("erk-statusline-server", ("default, private", "0.1.11", "?", "-", "0.1.10.dev1"), "yellow"),
]
FILE = "✓ erk_statusline_server-0.1.11-py3-none-any.whl"
VERIFY = [
    Row(FILE, ("3f2a9c3f2a9c", WORDS[Observed.EXACT])),
    Row("✗ erk-0.1.11.tar.gz", ("0123456789ab", WORDS[Observed.UNKNOWN]), "red"),
]


def test_no_width_breaks_a_word() -> None:
    for columns, rows in ((COLUMNS, STATUS), (("  file", "sha256", ""), VERIFY)):
        for width in (*range(60, 100), *range(100, 201, 9)):
            for on in (Medium(width=width), Medium(colour=True, moves=True, width=width)):
                shown = click.unstyle(table(columns, rows, on))
                assert all(len(line) <= width for line in shown.split("\n")), (width, shown)
                words = shown.split()
                wanted = [
                    word for row in rows for cell in (row.head, *row.cells) for word in cell.split()
                ]
                assert {word.strip("·") for word in wanted} <= {*words}, (width, shown)


def test_a_table_is_aligned_where_it_fits_and_goes_below_itself_elsewhere() -> None:
    assert table(COLUMNS, STATUS, Medium()).split("\n") == [
        "member                 group             here    remote  tagged  index",
        "erk                    default           0.1.11  0.1.11  0.1.11  0.1.11",
        "erk-statusline-server  default, private  0.1.11  ?       -       0.1.10.dev1",
    ]
    assert table(COLUMNS, STATUS[:1], Medium(width=30)).split("\n") == [
        "erk",
        "    group default · here",
        "    0.1.11 · remote 0.1.11 ·",
        "    tagged 0.1.11 · index",
        "    0.1.11",
    ]
    assert table(("  file", "sha256", ""), VERIFY, Medium(width=90)).split("\n") == [
        "  file                                           sha256",
        f"{FILE}  3f2a9c3f2a9c  served, and the sha256 is",
        f"{'':63}the sealed one",
        f"{'✗ erk-0.1.11.tar.gz':{len(FILE)}}  0123456789ab  unknown: no answer of a",
        f"{'':63}package index, or 404 for",
        f"{'':63}the whole project",
    ]


def test_of_a_long_table_the_exceptions_are_shown() -> None:
    rows = [Row(f"own-{number:02}", ("1.0", "1.0")) for number in range(80)]
    rows[40] = Row("own-40", ("1.0", "?"), "yellow")
    rows[41] = Row("own-41", ("1.0", "-"), "yellow")
    lines = table(("member", "here", "index"), rows, Medium()).split("\n")
    assert [line.split() for line in lines] == [
        ["member", "here", "index"],
        ["own-00", "1.0", "1.0"],
        ["own-01", "1.0", "1.0"],
        ["own-02", "1.0", "1.0"],
        ["own-40", "1.0", "?"],
        ["own-41", "1.0", "-"],
        ["…", "and", "75", "more", "1.0", "1.0"],
    ]
    every = table(("member", "here", "index"), rows, Medium(), verbose=True)
    assert len(every.split("\n")) == 81


def test_rows_that_differ_in_what_is_of_no_account_are_alike() -> None:
    rows = [
        Row(f"own-{number:02}", (f"{number:x}", "there"), "", ("", "there")) for number in range(80)
    ]
    lines = table(("file", "sha256", ""), rows, Medium()).split("\n")
    assert (len(lines), lines[-1].split()) == (5, ["…", "and", "77", "more", "there"])
    narrow = table(("file", "sha256", ""), rows, Medium(width=20)).split("\n")
    assert narrow[-2:] == ["… and 77 more", "    there"]


def test_the_names_of_others_are_only_read() -> None:
    shown = table(("a", "b"), [Row("\x1b[2J[red]", ("::error::x",))], Medium(colour=True))
    assert "\x1b[2J" not in shown
    assert "?[2J[red]" in shown
