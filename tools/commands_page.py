"""``docs/commands.md``, made of what ``release-sync --help`` shows of each command."""

from __future__ import annotations

import inspect
from pathlib import Path

import click

from devclikit.everywhere import Everywhere
from devclikit.lazy import load
from release_sync.cli.program import COMMANDS, NAME, program

WORDS = Path(__file__).with_suffix(".md")
"""What no help has room for: the head, a section for each command, and those behind them."""


def page() -> str:
    """Return the whole page, in Markdown."""
    head, *sections = WORDS.read_text(encoding="utf-8").split("\n## ")
    more = {title: text.strip() for title, _, text in (one.partition("\n") for one in sections)}
    with click.Context(program, info_name=NAME, **program.context_settings) as root:
        found = {name: load(lazy.target) for name, lazy in COMMANDS.items()}
        parts = [_part(name, command, root, more.pop(name, "")) for name, command in found.items()]
        common = _list([one for one in program.get_params(root) if _is_common(one)], root)
    rows = [f"| [{name}](#{name}) | {COMMANDS[name].help} |" for name in found]
    table = "\n".join(["| command | does |", "|---|---|", *rows])
    more = {"Options of every command": common, **more}
    rest = [_section(title, text) for title, text in more.items()]
    return "\n\n".join([head.strip(), table, *parts, *rest]) + "\n"


def _part(name: str, command: click.Command, root: click.Context, more: str) -> str:
    with click.Context(command, info_name=name, parent=root) as context:
        usage = " ".join([NAME, name, *command.collect_usage_pieces(context)])
        own = [one for one in command.get_params(context) if not _is_common(one)]
        says = inspect.cleandoc(command.help or "")
        return _section(name, f"```\n{usage}\n```", says, _list(own, context), more)


def _section(title: str, *texts: str) -> str:
    return "\n\n".join([f"## {title}", *filter(None, texts)])


def _is_common(one: click.Parameter) -> bool:
    return isinstance(one, Everywhere) or "--help" in one.opts


def _list(params: list[click.Parameter], context: click.Context) -> str:
    options = [one for one in params if isinstance(one, click.Option)]
    records = [record for one in options if (record := one.get_help_record(context))]
    return "\n".join(f"- `{names}`: {text}" for names, text in records)


if __name__ == "__main__":
    click.echo(page(), nl=False)
