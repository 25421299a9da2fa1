"""``release-sync init``: make a workspace one that is guarded."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from devclikit.plain import show
from release_sync.cli.adoption import git_hooks, pre_commit
from release_sync.cli.adoption.change import make
from release_sync.cli.adoption.manifest import with_table
from release_sync.cli.adoption.proposal import Proposal, propose
from release_sync.cli.adoption.surroundings import surroundings
from release_sync.errors import Problem, Unreadable
from release_sync.fixes.findings import check
from release_sync.guardrail.report.formats import summary
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen_on_disk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.cli.adoption.change import Change
    from release_sync.cli.adoption.surroundings import Surroundings


@click.command("init")
@click.argument("path", default=".", type=click.Path(exists=True, file_okay=False))
@click.option("--pre-commit", "entry", is_flag=True, help=f"Add the hook to {pre_commit.PATH}.")
@click.option("--repo", default="", metavar="URL", help="Where pre-commit clones it from.")
@click.option("--rev", default="", metavar="REV", help="Which revision; this version's tag.")
@click.option("--git-hooks", "scripts", is_flag=True, help="Make plain hooks, without pre-commit.")
def command(*, path: str, entry: bool, repo: str, rev: str, scripts: bool) -> None:
    """Write the configuration and, when asked, a hook; run twice, it changes nothing."""
    root = chosen_on_disk(path, "release-sync init").root
    around = surroundings(root)
    _refuse(around, entry=entry, source=repo or rev, scripts=scripts)
    proposal = _proposal(root, around)
    changes = [*_table(root, around, proposal)]
    if entry:
        changes += _entry(around, repo, rev)
    if scripts:
        changes += git_hooks.with_hooks(around)
    make(around.top or root, changes)
    _report(root, [*_done(changes), *_set(around, scripts=scripts)], proposal)


def _refuse(around: Surroundings, *, entry: bool, source: str, scripts: bool) -> None:
    if entry and scripts:
        message = "--pre-commit and --git-hooks exclude each other"
        raise Unreadable(message, "choose one: pre-commit does not run where core.hooksPath is set")
    if source and not entry:
        raise Unreadable("--repo and --rev are for --pre-commit", hint="add --pre-commit")
    if source in {"local", "meta"}:
        message = f"`repo: {source}` is not a repository to clone"
        raise Unreadable(message, "name the address of a repository of release-sync")
    if (entry or scripts) and around.below:
        raise Problem(
            f"the workspace is in {around.below}, and hooks run in the folder above it",
            hint=f"call `release-sync check {around.below.rstrip('/')}` from a hook of your own",
        )


def _proposal(root: str, around: Surroundings) -> Proposal | None:
    """Return what to write; None when the table is there, whatever it says."""
    workspace = read(WorkingTree(root))
    if workspace.manifest.tools.has("release-sync"):
        return None
    return propose(workspace, around)


def _table(root: str, around: Surroundings, proposal: Proposal | None) -> Iterator[Change]:
    if proposal is not None:
        yield with_table(Path(root, MANIFEST).read_bytes(), proposal, around.below)


def _entry(around: Surroundings, repo: str, rev: str) -> Iterator[Change]:
    if not around.top:
        raise Unreadable("this is no git repository, so it has no hooks", hint="git init")
    path = Path(around.top, pre_commit.PATH)
    before = path.read_bytes() if path.exists() else None
    if before is None or not pre_commit.has_hook(before):
        yield pre_commit.with_hook(before, repo or _ask(), rev or f"v{version('release-sync')}")


def _ask() -> str:
    if not sys.stdin.isatty():
        raise Unreadable(
            "where pre-commit clones release-sync from is not known",
            hint="add --repo with the address of a repository of release-sync",
        )
    answer: str = click.prompt("The address that pre-commit clones release-sync from", err=True)
    return answer


def _done(changes: list[Change]) -> Iterator[str]:
    for change in changes:
        yield from change.lines


def _set(around: Surroundings, *, scripts: bool) -> Iterator[str]:
    if scripts and not git_hooks.is_set(around):
        yield git_hooks.set_path(around)


def _report(root: str, done: list[str], proposal: Proposal | None) -> None:
    for line in done or ["Nothing was changed: all of it is there already."]:
        show(line)
    for remark in proposal.remarks if proposal else ():
        show(f"note: {remark}", err=True)
    if any(line.startswith(pre_commit.PATH) for line in done):
        show("note: `pre-commit install` switches it on, once in each clone", err=True)
    tree = WorkingTree(root)
    workspace = read(tree)
    show(summary(workspace, check(workspace, tree)), err=True)
