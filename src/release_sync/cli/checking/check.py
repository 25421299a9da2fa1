"""``release-sync check``: check a workspace, and fix it with ``--fix``."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.plain import plain, plain_json
from devclikit.settings import settings
from devclikit.terminal.medium import medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli import completions, options
from release_sync.cli.difference import difference
from release_sync.cli.terminal.colours import diff, finding_text
from release_sync.errors import NoWorkspace, Unreadable
from release_sync.fixes.atomic_write import write
from release_sync.fixes.findings import check
from release_sync.fixes.fix import fixes
from release_sync.guardrail.hook_result import exit_code
from release_sync.guardrail.report.formats import (
    FORMATS,
    FROM_THE_TOP,
    count,
    pictures,
    summary,
)
from release_sync.guardrail.report.from_here import from_here
from release_sync.trees.edited import EditedTree
from release_sync.trees.git import revision, tag_name, toplevel
from release_sync.trees.paths import join
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.groups import DEFAULT
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen, chosen_on_disk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from release_sync.rules.finding import Finding
    from release_sync.trees.commit import CommitTree
    from release_sync.trees.index import IndexTree


READ: Mapping[str, Callable[[str], str]] = {"github": str}
"""How each format is made to be only read, where that is not as JSON: one of them is commands."""


@click.command("check", cls=Command)
@options.workspace
@click.option("--staged", is_flag=True, help="Check what is staged.")
@click.option(
    "--rev",
    metavar="REV",
    shell_complete=completions.revisions,
    help="Check a commit, a branch or a tag.",
)
@click.option("--fix", is_flag=True, help="Fix what can be fixed in the working tree.")
@click.option(
    "-n",
    "--dry-run",
    "--diff",
    "diff",
    is_flag=True,
    help="With --fix: show what it would change, and change nothing.",
)
@click.option(
    "--to", metavar="VERSION", default=None, help="With --fix: the version to bring all to."
)
@click.option(
    "--group",
    metavar="NAME",
    default=None,
    shell_complete=completions.groups,
    help="With --to: whose version.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    help="How to write the findings; `text` by default.",
)
@click.option("--json", "form", flag_value="json", help="The same as `--format json`.")
@click.pass_context  # fmt: skip
def command(
    context: click.Context,
    *,
    path: str,
    staged: bool,
    rev: str | None,
    fix: bool,
    diff: bool,
    to: str | None,
    group: str | None,
    form: str,
) -> None:
    """Check that all packages of the workspace are in lockstep."""
    _refuse(staged=staged, rev=rev, fix=fix, to=to, group=group)
    if diff:
        _refuse_diff(fix=fix, form=form)
        context.exit(_preview(chosen_on_disk(path), to, group))
    if fix:
        _mend(chosen_on_disk(path).root, to, group)
    tree = _tree(path, staged=staged, rev=rev)
    workspace = read(tree)
    findings = check(workspace, tree, tag_name(tree.root, rev) if rev else "")
    shown = _shown(findings, tree, form)
    if form == "text":
        show_findings(shown, findings, tree)
    else:
        listing = FORMATS[form](workspace, shown, tree)
        click.echo(READ.get(form, plain_json)(listing), nl=False)
    _sum_up(summary(workspace, findings, _way(tree)))
    context.exit(exit_code(workspace, findings))


def _refuse(*, staged: bool, rev: str | None, fix: bool, to: str | None, group: str | None) -> None:
    if sum((staged, rev is not None, fix)) > 1:
        raise Unreadable("--staged, --rev and --fix exclude each other", hint="choose one")
    if to is not None and not fix:
        raise Unreadable("--to is for --fix", hint="add --fix")
    if group is not None and to is None:
        raise Unreadable("--group is for --to", hint="add --fix --to VERSION")


def _refuse_diff(*, fix: bool, form: str) -> None:
    if not fix:
        raise Unreadable("--diff is for --fix", hint="add --fix")
    if form != "text":
        raise Unreadable("--diff and --format exclude each other", hint="choose one")


def _preview(tree: WorkingTree, to: str | None, group: str | None) -> int:
    """Show the edits of a fix, as git would from the repository's top, and what they leave."""
    changes = fixes(read(tree), tree, to, DEFAULT if group is None else group)
    way = _way(tree)
    for edit in changes:
        lines = difference(join(way, edit.path), edit.before, edit.after)
        click.echo(diff(lines, medium(sys.stdout)), color=True)
    after = EditedTree(tree, {edit.path: edit.after for edit in changes})
    workspace = read(after)
    left = check(workspace, after)
    show_findings(_shown(left, tree, "text"), left, after, err=True)
    _sum_up(summary(workspace, left, way))
    return 1 if changes else exit_code(workspace, left)


def _mend(root: str, to: str | None, group: str | None) -> None:
    tree = WorkingTree(root)
    changes = fixes(read(tree), tree, to, DEFAULT if group is None else group)
    write(root, changes)
    for edit in changes:
        _sum_up(f"fixed {from_here(root, edit.path)} ({count(len(edit.changes), 'place')})")


def show_findings(
    shown: Sequence[Finding],
    findings: Sequence[Finding],
    tree: WorkingTree | IndexTree | CommitTree | EditedTree,
    *,
    err: bool = False,
) -> None:
    """Write findings as they are ``shown``; on a terminal, each above its line with a caret."""
    on = medium(sys.stderr if err else sys.stdout)
    lines = pictures(findings, tree) if on.width else [("", "")] * len(findings)
    for finding, (line, caret) in zip(shown, lines, strict=True):
        click.echo(finding_text(finding, line, caret, on), err=err, color=True)


def _sum_up(words: str) -> None:
    """Write what was found or done, which is no data, to stderr: for who wants to read it."""
    if not settings().quiet:
        click.echo(wrapped(plain(words), medium(sys.stderr).width, 4), err=True)


def _tree(path: str, *, staged: bool, rev: str | None) -> WorkingTree | IndexTree | CommitTree:
    if staged or rev is not None:
        return chosen(path, rev)
    try:
        return chosen_on_disk(path)
    except NoWorkspace as error:
        if not is_bare(path):
            raise
        hint = "check a commit of it: `release-sync check --rev HEAD`"
        raise Unreadable("a bare repository has no working tree", hint) from error


def is_bare(path: str) -> bool:
    """Return whether a folder is in a repository that has commits, and no working tree."""
    with suppress(Unreadable):
        return not toplevel(path)[0] and bool(revision(path, "HEAD"))
    return False


def _shown(
    findings: Sequence[Finding], tree: WorkingTree | IndexTree | CommitTree, form: str
) -> Sequence[Finding]:
    """Return findings with the paths that the readers of a format know."""
    if form in FROM_THE_TOP:
        return [one.below(_way(tree)) for one in findings]
    root = _root(tree) if form == "text" else ""
    if not root:
        return findings
    return [one._replace(path=from_here(root, one.path)) for one in findings]


def _root(tree: WorkingTree | IndexTree | CommitTree) -> str:
    """Return the workspace's folder on disk; ``""`` in a bare repository, where it has none."""
    if isinstance(tree, WorkingTree):
        return tree.root
    top, _ = toplevel(tree.root)
    return f"{top}/{tree.way}" if top else ""


def _way(tree: WorkingTree | IndexTree | CommitTree) -> str:
    way = toplevel(tree.root)[1] if isinstance(tree, WorkingTree) else tree.way
    return way.rstrip("/")
