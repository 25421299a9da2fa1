"""``release-sync change``: note a change for the changelog and the level of the next release."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.terminal.lines import labelled
from devclikit.terminal.medium import medium
from release_sync.changelog.change_files import FOLDER, LEVELS, Change, named, written
from release_sync.cli import completions, options
from release_sync.cli.asking import answer
from release_sync.cli.changing.gate import gate
from release_sync.cli.json_objects import write as write_json
from release_sync.errors import Problem, Unreadable
from release_sync.fixes.atomic_write import write
from release_sync.standards.names import normalise
from release_sync.toml.edits import FileEdit
from release_sync.workspace.changelogs.kept import CHANGES, kept
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen_on_disk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.cli.changing.gate import Gate
    from release_sync.trees.working_tree import WorkingTree
    from release_sync.workspace.model import Workspace

SAY_IT = "say it: `release-sync change minor TEXT`"


@click.command("change", cls=Command)
@click.argument("level", type=click.Choice(LEVELS), required=False,
                metavar=f"[{'|'.join(LEVELS)}]")  # fmt: skip
@click.argument("text", required=False, default="")
@click.option("--member", "members", metavar="NAME", multiple=True,
              help="Whose change it is, where that matters; repeat it for several.")  # fmt: skip
@click.option("--check", is_flag=True,
              help="End with 1 when a package changed and no file says how.")  # fmt: skip
@click.option("--since", metavar="REV", default="", shell_complete=completions.revisions,
              help="With --check: what is compared with, such as `main`.")  # fmt: skip
@options.as_json
def command(
    level: str | None, text: str, members: Sequence[str], *, check: bool, since: str, as_json: bool
) -> None:
    """Note a change for the changelog, and for the level of the next release.

    TEXT is what the changelog is to say; what is not given is asked for on a terminal.
    """
    tree = chosen_on_disk(options.HERE)
    workspace = read(tree)
    _must_be_ours(workspace, tree)
    if check:
        if not since:
            raise Unreadable("--check compares with a revision", hint="add `--since main`")
        _report(gate(tree.root, since), as_json=as_json)
        return
    if since:
        raise Unreadable("--since is for --check", hint="add --check")
    level = level or answer("Which level?", SAY_IT, click.Choice(LEVELS))
    made = _made(workspace, tree, level, text, members)
    content = written(made.level, made.members, made.text).encode()
    write(tree.root, [FileEdit(made.path, b"", content, ())])
    if as_json:
        write_json("change", **made._asdict())
    else:
        is_here = Path(tree.root).samefile(Path.cwd())
        click.echo(made.path if is_here else str(Path(tree.root, made.path)))


def _report(found: Gate, *, as_json: bool) -> None:
    """Show what a gate has found. Raises Problem where it lets nothing pass."""
    problem = found.problem
    if as_json:
        changes = [one._asdict() for one in found.changes]
        write_json("gate", ok=problem is None, since=found.since, members=found.members,
                   level=found.level, changes=changes)  # fmt: skip
    if problem is not None:
        raise problem
    if not as_json:
        click.echo(labelled("Checked", found.in_words(), medium(sys.stdout)), color=True)


def _must_be_ours(workspace: Workspace, tree: WorkingTree) -> None:
    """Raise Unreadable where the changelog is kept in another way."""
    for group in workspace.groups:
        style = kept(workspace, tree, group).style if group.members else CHANGES
        if style not in {CHANGES, "off"} or workspace.configuration.changelog.style == "off":
            raise Unreadable(
                f"this workspace keeps its changelog otherwise: {style}",
                hint='write there; or set style = "changes" in [tool.release-sync.changelog]',
            )


def _made(
    workspace: Workspace, tree: WorkingTree, level: str, text: str, members: Sequence[str]
) -> Change:
    names = [normalise(one) for one in members]
    unknown = [one for one in names if one not in workspace.by_name]
    if unknown:
        known = ", ".join(workspace.by_name)
        raise Unreadable(f"{unknown[0]!r} is no member", hint=f"there are: {known}")
    text = text if text or level == "none" else answer("What is new?", SAY_IT)
    if not text.strip() and level != "none":
        raise Problem("a change says something", hint=SAY_IT)
    there = [one.name for one in tree.entries(FOLDER)]
    return Change(f"{FOLDER}/{named(text, there)}", level, tuple(names), text.strip())
