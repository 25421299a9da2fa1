"""``release-sync init``: make a workspace one that is guarded."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from release_sync.cli import options
from release_sync.cli.adoption import git_hooks, pre_commit
from release_sync.cli.adoption.change import make
from release_sync.cli.adoption.hook_entry import outdated, with_entries
from release_sync.cli.adoption.manifest import shown, with_table
from release_sync.cli.adoption.packages import packages
from release_sync.cli.adoption.pipelines.kind import Flow
from release_sync.cli.adoption.pipelines.writing import HOSTS, LEFT, with_pipelines
from release_sync.cli.adoption.proposal import propose
from release_sync.cli.adoption.report import (
    as_object,
    drift,
    outcome,
    rest,
    tell_changes,
    tell_drift,
    tell_findings,
    tell_rest,
)
from release_sync.cli.adoption.surroundings import surroundings
from release_sync.cli.adoption.trial import trial, tried
from release_sync.cli.json_objects import write
from release_sync.errors import NoWorkspace, Unreadable
from release_sync.rules.unseen import not_looked_at
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.git import toplevel
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.discovery import Unsaid
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen_on_disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.cli.adoption.change import Change
    from release_sync.cli.adoption.packages import Packages
    from release_sync.cli.adoption.setting import Proposal
    from release_sync.cli.adoption.surroundings import Surroundings
    from release_sync.cli.adoption.trial import Trial


@click.command("init", cls=Command)
@options.workspace
@click.option("--pre-commit", "entry", is_flag=True, help=f"Add the hook to {pre_commit.PATH}.")
@click.option("--git-hooks", "scripts", is_flag=True, help="Make plain hooks, without pre-commit.")
@click.option("--ci", "host", default="", type=click.Choice(["", *HOSTS]), metavar="HOST",
              help="Write the pipelines of github or gitlab: a check, and a release.")  # fmt: skip
@click.option("--flow", default="", metavar="FLOW",
              type=click.Choice(["", *(one.value for one in Flow)]),
              help="With --ci, what starts a release: dispatch (a form; unless said), tag (one that"
              " is pushed), or pull-request (one is merged).")  # fmt: skip
@click.option("--source", default="", metavar="URL@REV",
              help="With --pre-commit or --ci: where release-sync is taken from, and at which"
              " revision; unless said, where this one was installed from.")  # fmt: skip
@options.dry_run
@click.option("--check", is_flag=True, help="Fail when there is something to write; write nothing.")
@options.as_json
@click.pass_context
def command(
    context: click.Context,
    *,
    path: str,
    entry: bool,
    scripts: bool,
    host: str,
    flow: str,
    source: str,
    dry_run: bool,
    check: bool,
    as_json: bool,
) -> None:
    """Write the configuration and, when asked, a hook or pipelines; twice changes nothing."""
    _refuse(entry=entry, scripts=scripts, host=host, flow=flow, source=source)
    root, unsaid = _root(path)
    found, proposal = _tried(root, around := surroundings(root), unsaid)
    changes = [*_table(root, around, found, proposal)]
    if entry or scripts:
        git_hooks.must_be_found(around, {one.path: one.after for one in changes})
    changes += with_entries(around, source) if entry else ()
    changes += git_hooks.with_hooks(around) if scripts else ()
    changes += with_pipelines(around, found.workspace, host, flow, source) if host else ()
    if check:
        changes += [] if scripts else git_hooks.drifted(around)
        changes += [] if entry else outdated(around)
        context.exit(_checked(changes, as_json=as_json))
    result = outcome(root, around, found, proposal)
    lines = [*_set(around, scripts=scripts)]
    if not dry_run:
        make(around.top or root, changes)
        lines = [git_hooks.set_path(around) for _ in lines]
    more = [*(git_hooks.lacking(around) if scripts else ()), *([LEFT[host]] if host else [])]
    left = rest(root, found.workspace, changes, more)
    if as_json:
        write("init", dry_run=dry_run, **as_object(result, changes, lines, left))
        return
    tell_changes(changes, lines, dry_run=dry_run)
    tell_findings(result, around.below.rstrip("/"))
    tell_rest(left)


def _checked(changes: Sequence[Change], *, as_json: bool) -> int:
    """Write which files are not what this writes, and return the exit code."""
    if as_json:
        write("drift", files=[{"path": one.path, "problem": drift(one)} for one in changes])
    else:
        tell_drift(changes)
    return 1 if changes else 0


def _refuse(*, entry: bool, scripts: bool, host: str, flow: str, source: str) -> None:
    if entry and scripts:
        message = "--pre-commit and --git-hooks exclude each other"
        raise Unreadable(message, "choose one: pre-commit does not run where core.hooksPath is set")
    if flow and not host:
        raise Unreadable("--flow is for --ci", hint="add --ci github or --ci gitlab")
    if source and not (entry or host):
        raise Unreadable("--source is for --pre-commit and --ci", hint="add one of them")


def _root(path: str) -> tuple[str, Packages | None]:
    """Return the folder of the table; and the packages that it is for, where nothing says that."""
    try:
        root = chosen_on_disk(path, "release-sync init").root
    except NoWorkspace:
        found = packages(surroundings(path))
        if found is None:
            raise
        return found.root, found
    except Unsaid as error:
        with suppress(NoWorkspace):
            found = packages(surroundings(path))
            if found is not None:
                seen = f"{shown(found.setting)} ({found.setting.why})"
                raise Unsaid(error.message, f"what is seen here is {seen}; {error.hint}") from error
        raise
    here, below = (toplevel(one)[1] for one in (path, root))
    if not here.startswith(below):
        with suppress(NoWorkspace):
            found = packages(surroundings(path), below.rstrip("/"))
            return (root if found is None else found.root), found
    return root, None


def _tried(
    root: str, around: Surroundings, unsaid: Packages | None
) -> tuple[Trial, Proposal | None]:
    """Return the workspace under its table; or under the proposed one, where it has none."""
    tree = WorkingTree(root)
    if unsaid is None and read(tree).manifest.tools.has("release-sync"):
        return trial(tree), None
    proposal = propose(tree, around, unsaid)
    return tried(tree, proposal.settings), proposal


def _table(
    root: str, around: Surroundings, found: Trial, proposal: Proposal | None
) -> Iterator[Change]:
    if proposal is not None:
        before = WorkingTree(root).read(MANIFEST)
        change = with_table(before or b"", proposal.settings, around.below)._replace(before=before)
        empty = "all defaults are right"
        nothing = "nothing here asks for another value than the defaults"
        if not_looked_at(found.workspace):
            empty = f"{nothing}, and not all was looked at"
        if found.findings:
            empty = f"{nothing}; what `check` finds stands below"
        more = () if proposal.settings else (f"  empty: {empty}",)
        yield change._replace(lines=(*change.lines, *more))


def _set(around: Surroundings, *, scripts: bool) -> Iterator[str]:
    """Yield what is still to be set in this clone."""
    if scripts and not git_hooks.is_set(around):
        yield git_hooks.SETTING
