"""``release-sync bump``: the commit of a release, without the release."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from devclikit.everywhere import Command
from devclikit.terminal.lines import labelled
from devclikit.terminal.medium import medium
from release_sync.cli import options
from release_sync.cli.difference import difference
from release_sync.cli.events_json import JsonLines
from release_sync.cli.requests import EVERY_LEVEL
from release_sync.cli.talking import name_workspace, talk
from release_sync.cli.terminal.colours import diff
from release_sync.effects.opening import open_context
from release_sync.effects.pull_requests import ForgePrograms
from release_sync.errors import Unreadable
from release_sync.run.bumping.bump import bump, preview
from release_sync.run.bumping.bumped import Where
from release_sync.run.bumping.unmerged import problem_of, unmerged
from release_sync.standards.ref_names import is_invalid_ref
from release_sync.standards.versions import is_version

if TYPE_CHECKING:
    from release_sync.effects.context import ReleaseContext
    from release_sync.plan.facts import Request
    from release_sync.run.bumping.bumped import Bumped


@click.command("bump", cls=Command)
@options.version
@click.option("--no-commit", is_flag=True,
              help="Write the working tree; commit nothing.")  # fmt: skip
@click.option("--branch", is_flag=False, flag_value="", default=None, metavar="[NAME]",
              help="Push a branch for a pull request, and leave the working tree alone; its name is"
              " `release/TAG` unless one is given.")  # fmt: skip
@click.option("--open", "opens", is_flag=True,
              help="With --branch: open the pull request with `gh` or `glab`.")  # fmt: skip
@click.option("--check", is_flag=True,
              help="End with 1 when such a branch is not merged yet; do nothing.")  # fmt: skip
@options.yes
@options.as_json
@options.dry_run
def command(
    request: Request,
    branch: str | None,
    *,
    no_commit: bool,
    opens: bool,
    check: bool,
    yes: bool,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Bump, lock and commit as a release does, and stop there: for a pull request, or by hand.

    Run again for the same version, it does nothing twice.
    """
    _refuse(branch, no_commit=no_commit, opens=opens)
    context = open_context(options.HERE)
    if check:
        _check(context, request.group, branch or "", as_json=as_json)
        return
    where = Where(commits=not no_commit, branch=branch, opens=opens)
    forges = ForgePrograms(Path(context.source.root))
    if dry_run:
        _show(preview(context, request, where, forges), context.names.path, as_json=as_json)
        return
    with context.locked(), talk(as_json=as_json, yes=yes) as screen:
        name_workspace(context, screen)
        done = bump(context, replace(request, asks=not yes), where, forges, screen)
    if as_json:
        JsonLines().report("bump", **fields(done))
    elif done.branch and branch is not None:
        click.echo(done.pull_request or done.compare or done.branch)


def _refuse(branch: str | None, *, no_commit: bool, opens: bool) -> None:
    """Raise Unreadable for options that exclude each other, and a name that can't be a branch's."""
    if branch is not None and no_commit:
        raise Unreadable("--no-commit and --branch exclude each other", hint="choose one")
    if opens and branch is None:
        raise Unreadable("--open is for --branch", hint="add --branch")
    if branch and (branch in EVERY_LEVEL or is_version(branch)):
        raise Unreadable(
            f"`--branch {branch}` would be a branch of that name",
            hint=f"write `release-sync bump {branch} --branch`",
        )
    if branch and is_invalid_ref(branch):
        raise Unreadable(
            f"{branch!r} can't be the name of a branch", hint="see git-check-ref-format(1)"
        )


def _check(context: ReleaseContext, group: str, branch: str, *, as_json: bool) -> None:
    found = unmerged(context, group, branch)
    if as_json:
        rows = [dict(one._asdict()) for one in found]
        JsonLines(runs=False).report("unmerged", branches=rows)
    elif not found:
        click.echo(labelled("Nothing", "is open: no bump is left to be merged", medium(sys.stdout)))
    problem = problem_of(found)
    if problem is not None:
        raise problem


def _show(found: Bumped, folder: str, *, as_json: bool) -> None:
    """Print what would be done, with every edit as a diff."""
    if as_json:
        JsonLines(runs=False).report("bump", **fields(found))
        return
    on = medium(sys.stdout)
    where = f"on {found.branch}" if found.branch else "in the working tree"
    lines = [labelled("Plan", f"{found.words}, {where}", on)]
    if found.already:
        lines = [labelled("Nothing", f"to do: {found.already}", on)]
    lines += [labelled("Note", note, on) for note in found.notes]
    edits = () if found.already else found.edits
    above = f"{folder}/" if folder else ""
    lines += [diff(difference(f"{above}{one.path}", one.before, one.after), on) for one in edits]
    click.echo("\n".join(lines), color=True)


def fields(found: Bumped) -> dict[str, Any]:
    """Return a bump as JSON's own types."""
    edits = () if found.already else found.edits
    return {
        "group": found.group,
        "previous": found.previous,
        "version": found.version,
        "tag": found.tag,
        "groups": [
            {
                "group": one.group,
                "previous": one.previous,
                "version": one.version,
                "tag": one.tag,
            }
            for one in found.groups
        ],
        "base": found.base,
        "target": found.target,
        "branch": found.branch,
        "message": found.message,
        "edits": [
            {"path": one.path, "diff": "\n".join(difference(one.path, one.before, one.after))}
            for one in edits
        ],
        "notes": list(found.notes),
        "already": found.already,
        "commit": found.commit or None,
        "compare": found.compare,
        "pull_request": found.pull_request or None,
    }
