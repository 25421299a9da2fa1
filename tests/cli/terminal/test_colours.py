"""A diff and a finding, as git and compilers show them."""

from __future__ import annotations

import click

from devclikit.terminal.medium import Medium
from release_sync.cli.difference import difference
from release_sync.cli.terminal.colours import diff, finding_text
from release_sync.rules.finding import Finding

COLOURED = Medium(colour=True, moves=True, width=80)
WORDS = "workstack-app requires workstack-kit ==0.1.9, and should require ==0.1.10; " * 2


def test_a_diff_has_the_colours_of_git() -> None:
    lines = difference("a.toml", b"one\n-- two\nsame\n", b"one\nthree\nsame\n")
    assert diff(lines, COLOURED).split("\n") == [
        "\x1b[1m--- a/a.toml\x1b[0m",
        "\x1b[1m+++ b/a.toml\x1b[0m",
        "\x1b[36m@@ -1,3 +1,3 @@\x1b[0m",
        " one",
        "\x1b[31m--- two\x1b[0m",
        "\x1b[32m+three\x1b[0m",
        " same",
    ]
    assert diff(lines, Medium()) == "\n".join(lines)


def test_each_part_of_a_long_line_of_a_diff_begins_with_its_sign() -> None:
    evil = f"+    {'harmless ' * 9}-nothing is removed here, as it might seem"
    for width in range(60, 201):
        parts = diff(["--- a", "+++ b", evil], Medium(width=width)).split("\n")[2:]
        assert all(part.startswith("+") and len(part) <= width for part in parts)
        assert " ".join(part[1:] for part in parts).split() == evil[1:].split()


def test_the_names_of_a_diff_are_not_broken() -> None:
    path = f"packages/{'a-long-name-' * 9}/pyproject.toml"
    shown = diff([f"--- a/{path}", f"+++ b/{path}", "@@ -1 +1 @@"], Medium(width=60))
    assert shown == f"--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@"


def test_a_finding_stands_above_its_line_and_a_caret_at_any_width() -> None:
    finding = Finding("packages/app/pyproject.toml", 3, 120, "RS202", WORDS.strip())
    source = f'dependencies = [ {"x" * 100}, "workstack-kit==0.1.9" ] # {"y" * 100}'
    caret = f"{' ' * 119}^"
    for width in range(60, 201):
        shown = finding_text(finding, source, caret, Medium(width=width)).split("\n")
        *told, line, mark = shown
        assert " ".join(told).split() == str(finding).split()
        assert all(len(one) <= width for one in shown)
        assert line[len(mark) - 1] == f"    {source}"[123], width
    text = finding_text(finding, source, caret, COLOURED)
    assert text.startswith("\x1b[1mpackages/app/pyproject.toml:3:120\x1b[0m: \x1b[31m\x1b[1mRS202")
    assert click.unstyle(text) == finding_text(finding, source, caret, Medium(width=80))
    assert finding_text(finding, "", "", Medium()) == str(finding)


def test_a_caret_below_tabs_is_where_it_points_to() -> None:
    finding = Finding("a", 1, 3, "RS101", "wrong")
    *_, line, mark = finding_text(finding, "\t\tx", "\t\t^", Medium(width=80)).split("\n")
    assert line.index("x") == mark.index("^")
