"""``release-sync check``: check a workspace, and fix it with ``--fix``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from devclikit.plain import plain, plain_json, show
from release_sync.errors import Unreadable
from release_sync.fixes.atomic_write import write
from release_sync.fixes.findings import check
from release_sync.fixes.fix import fixes
from release_sync.guardrail.hook_result import exit_code
from release_sync.guardrail.report.formats import FORMATS, FROM_THE_TOP, as_picture, count, summary
from release_sync.trees.git import tag_name, toplevel
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.groups import DEFAULT
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen, chosen_on_disk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from release_sync.trees.commit import CommitTree
    from release_sync.trees.index import IndexTree


READ: Mapping[str, Callable[[str], str]] = {"text": plain, "github": str}
"""How each format is made to be only read, where that is not as JSON: one of them is commands."""


@click.command("check")
@click.argument("path", default=".", type=click.Path(exists=True, file_okay=False))
@click.option("--staged", is_flag=True, help="Check what is staged.")
@click.option("--rev", metavar="REV", help="Check a commit, a branch or a tag.")
@click.option("--fix", is_flag=True, help="Fix what can be fixed in the working tree.")
@click.option(
    "--to", metavar="VERSION", default=None, help="With --fix: the version to bring all to."
)
@click.option("--group", metavar="NAME", default=None, help="With --to: whose version.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text")
@click.pass_context
def command(
    context: click.Context,
    *,
    path: str,
    staged: bool,
    rev: str | None,
    fix: bool,
    to: str | None,
    group: str | None,
    form: str,
) -> None:
    """Check that all packages of the workspace are in lockstep."""
    _refuse(staged=staged, rev=rev, fix=fix, to=to, group=group)
    if fix:
        _mend(chosen_on_disk(path).root, to, group)
    tree = _tree(path, staged=staged, rev=rev)
    workspace = read(tree)
    findings = check(workspace, tree, tag_name(tree.root, rev) if rev else "")
    written = FORMATS[form]
    if form == "text" and sys.stdout.isatty():
        written = as_picture
    folder = _way(tree)
    shown = [one.below(folder) for one in findings] if form in FROM_THE_TOP else findings
    listing = written(workspace, shown, tree)
    click.echo(READ.get(form, plain_json)(listing), nl=False)
    show(summary(workspace, findings, folder), err=True)
    context.exit(exit_code(workspace, findings))


def _refuse(*, staged: bool, rev: str | None, fix: bool, to: str | None, group: str | None) -> None:
    if sum((staged, rev is not None, fix)) > 1:
        raise Unreadable("--staged, --rev and --fix exclude each other", hint="choose one")
    if to is not None and not fix:
        raise Unreadable("--to is for --fix", hint="add --fix")
    if group is not None and to is None:
        raise Unreadable("--group is for --to", hint="add --fix --to VERSION")


def _mend(root: str, to: str | None, group: str | None) -> None:
    tree = WorkingTree(root)
    changes = fixes(read(tree), tree, to, DEFAULT if group is None else group)
    write(root, changes)
    for edit in changes:
        show(f"fixed {edit.path} ({count(len(edit.changes), 'place')})", err=True)


def _tree(path: str, *, staged: bool, rev: str | None) -> WorkingTree | IndexTree | CommitTree:
    if staged or rev is not None:
        return chosen(path, rev)
    return chosen_on_disk(path)


def _way(tree: WorkingTree | IndexTree | CommitTree) -> str:
    way = toplevel(tree.root)[1] if isinstance(tree, WorkingTree) else tree.way
    return way.rstrip("/")
