"""``release-sync explain``: explain a rule, with a failing and a passing example."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.terminal.medium import medium
from release_sync.cli import completions, options
from release_sync.cli.checking.explanation import explanation, explanations
from release_sync.cli.json_objects import write
from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.cli.checking.explanation import Explanation

WIDTH = 88
"""The columns of a text, where a terminal has no fewer."""


@click.command("explain", cls=Command)
@click.argument("rule", metavar="[CODE]", required=False, shell_complete=completions.rules)
@options.as_json
def command(*, rule: str | None, as_json: bool) -> None:
    """Explain a rule, with a failing and a passing example; without a code, list all rules."""
    if as_json:
        chosen = explanations() if rule is None else (explanation(rule),)
        for one in chosen:
            write("rule", **one._asdict())
        return
    lines = _list() if rule is None else _page(explanation(rule))
    click.echo("\n".join(lines))


def _list() -> Iterator[str]:
    every = explanations()
    width = max(len(one.name) for one in every)
    for one in every:
        lines = split_lines(_wrapped(one.holds, width + 8))
        yield f"{click.style(one.code, bold=True)}  {one.name:{width}} {lines[0]}"
        yield from (f"{'':{width + 7}} {line}" for line in lines[1:])


def _page(one: Explanation) -> Iterator[str]:
    yield click.style(f"{one.code} {one.name}", bold=True)
    yield _wrapped(one.holds)
    yield from _section("Why", _wrapped(one.why))
    tag = f", tagged {one.tag}" if one.tag else ""
    yield from _section(f"Wrong{tag}", _files(one.wrong))
    yield from _section(f"Right{tag}", _files(one.right))
    yield from _section("What --fix does", _wrapped(one.fix))


def _section(title: str, text: str) -> tuple[str, ...]:
    return "", click.style(title, bold=True), text


def _files(contents: Mapping[str, str]) -> str:
    return "\n\n".join(
        f"  # {path}\n" + "\n".join(f"  {line}".rstrip() for line in split_lines(text))
        for path, text in contents.items()
    )


def _wrapped(text: str, taken: int = 0) -> str:
    """Break a text into lines that fit where so many columns are taken."""
    width = min(medium(sys.stdout).width or WIDTH, WIDTH) - taken
    return click.wrap_text(text.strip(), width, preserve_paragraphs=True)
