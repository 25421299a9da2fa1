"""``docs/rules.md``, made of the same texts that ``release-sync explain`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli.checking.explanation import explanations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.cli.checking.explanation import Explanation

HEAD = """\
# Rules

`release-sync check` and the hooks check these rules. Each has a code that stays the same.

- `release-sync explain RS201` shows a rule's part of this page.
- `ignore = ["RS204"]` in `[tool.release-sync]` switches a rule off.

Each example shows only the part of a workspace that matters. The tests check every wrong one and
every right one.

`make pages` makes this page from the texts in `src/release_sync/cli/checking/explanations`.
"""


def page() -> str:
    """Return the whole page, in Markdown."""
    every = explanations()
    table = [f"| [{one.code}](#{_anchor(one)}) | {one.name} | {one.holds} |" for one in every]
    head = [HEAD, "| code | name | holds when |", "|---|---|---|", *table]
    return "\n".join([*head, *(line for one in every for line in _part(one)), ""])


def _part(one: Explanation) -> Iterator[str]:
    tagged = f", tagged `{one.tag}`" if one.tag else ""
    yield f"\n## {one.code} {one.name}\n\n{one.holds}\n\n{one.why.strip()}"
    yield f"\nWrong{tagged}:"
    yield from _files(one.wrong)
    yield f"\nRight{tagged}:"
    yield from _files(one.right)
    yield f"\n*What `--fix` does.* {one.fix.strip()}"


def _files(contents: Mapping[str, str]) -> Iterator[str]:
    for path, text in contents.items():
        language = {"py": "python", "md": "markdown"}.get(path.rpartition(".")[2], "toml")
        head = f"<!-- {path} -->" if language == "markdown" else f"# {path}"
        yield f"\n```{language}\n{head}\n{text.rstrip()}\n```"


def _anchor(one: Explanation) -> str:
    return f"{one.code} {one.name}".lower().replace(" ", "-")


if __name__ == "__main__":
    click.echo(page(), nl=False)
