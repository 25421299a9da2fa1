"""What ``init`` says: what it did, what ``check`` says then, and what is left to its user."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from devclikit.plain import plain
from devclikit.settings import settings
from devclikit.terminal.medium import medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli import difference as edits
from release_sync.cli.adoption import pre_commit, prek
from release_sync.cli.adoption.manifest import shown
from release_sync.cli.adoption.proposal import lacking
from release_sync.cli.adoption.trial import alternatives
from release_sync.cli.terminal.colours import diff
from release_sync.errors import Unreadable
from release_sync.guardrail.report.formats import FIELDS, count, summary
from release_sync.plan.amounts import some
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.changelogs.kept import OFF, kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from release_sync.cli.adoption.change import Change
    from release_sync.cli.adoption.setting import Proposal, Setting
    from release_sync.cli.adoption.surroundings import Surroundings
    from release_sync.cli.adoption.trial import Trial
    from release_sync.workspace.model import Workspace

MOST = 10
"""So many findings are shown: the others are for ``check``."""

CHANGELOGS = ("CHANGELOG.md", "CHANGES.md", "CHANGELOG.rst", "CHANGES.rst", "HISTORY.md", "NEWS.md")


def show(text: str, *, err: bool = False) -> None:
    """Write a line to stdout or to stderr; on a terminal, wrapped."""
    on = medium(sys.stderr if err else sys.stdout)
    click.echo(wrapped(plain(text), on.width, 4), err=err)


class Outcome(NamedTuple):
    """What a workspace is under its table, written or proposed, and how many findings others leave.

    ``proposal`` is None where the table was there already; then ``lacking`` is what it could say,
    too.
    """

    trial: Trial
    proposal: Proposal | None
    others: tuple[tuple[str, int], ...] = ()
    lacking: tuple[Setting, ...] = ()


def outcome(root: str, around: Surroundings, trial: Trial, proposal: Proposal | None) -> Outcome:
    """Try what else the table could say, where something is left under the proposed one."""
    most = len(trial.findings)
    if proposal is None:
        return Outcome(trial, None, lacking=lacking(WorkingTree(root), around))
    if not most:
        return Outcome(trial, proposal)
    found = [(shown(one), left) for one, left in alternatives(WorkingTree(root), proposal, most)]
    if any(one.fixable for one in trial.findings):
        found.insert(0, ("`release-sync check --fix`", trial.left))
    return Outcome(trial, proposal, tuple(found))


def tell_changes(changes: Sequence[Change], settings: Sequence[str], *, dry_run: bool) -> None:
    """Show what was done; or, in a dry run, what would be, with each file as a diff."""
    if dry_run:
        show("note: nothing was written (--dry-run); this is what would be", err=True)
    for change in changes:
        for line in change.lines:
            show(line)
        if dry_run:
            click.echo(diff(difference(change), medium(sys.stdout)), color=True)
    for line in settings:
        show(line)
    if not changes and not settings:
        show("Nothing was changed: all of it is there already.")


def drift(change: Change) -> str:
    """Return in words how a file is not what ``init`` writes."""
    how = "is missing" if change.before is None else "is not what init writes"
    return f"{how}{f': {change.drift}' if change.drift else ''}"


def tell_drift(changes: Sequence[Change]) -> None:
    """Show which files are not what ``init`` writes."""
    for change in changes:
        show(f"{change.path}: {drift(change)}")
    if not changes:
        show("Nothing has drifted: all of it is there already.")


def tell_findings(found: Outcome, folder: str) -> None:
    """Show what only the user can decide, what ``check`` finds, and what would leave less."""
    findings = found.trial.findings
    for one in found.lacking:
        show(f"note: the table could say {shown(one)} ({one.why}); it is left as it is", err=True)
    for remark in found.proposal.remarks if found.proposal else ():
        show(f"note: {remark}", err=True)
    if found.proposal is not None and findings:
        show("note: this is what `release-sync check` says under this table:", err=True)
        for finding in findings[:MOST]:
            show(f"  {finding.below(folder)}", err=True)
        if len(findings) > MOST:
            show(f"  and {len(findings) - MOST} more", err=True)
        for words, left in found.others:
            show(f"note: {words} leaves {count(left, 'finding')}", err=True)
    if not settings().quiet:
        show(summary(found.trial.workspace, findings), err=True)


def difference(change: Change) -> list[str]:
    """Return a file as it would be, as a diff."""
    return edits.difference(change.path, change.before or b"", change.after)


def rest(
    root: str, workspace: Workspace, changes: Sequence[Change], more: Iterable[str]
) -> tuple[str, ...]:
    """Return what no tool can do: it is the user's to commit, and to set on the host."""
    return (
        (*_commit(changes), *more, *_host(workspace), *_changelog(root, workspace))
        if changes
        else ()
    )


def tell_rest(lines: Sequence[str]) -> None:
    """Show what is left to do."""
    if lines and not settings().quiet:
        show("What is left to do, by you:", err=True)
        for line in lines:
            show(f"  - {line}", err=True)


def as_object(
    found: Outcome, changes: Sequence[Change], set_too: Sequence[str], left: Sequence[str]
) -> dict[str, Any]:
    """Return what was done, or in a dry run would be, as JSON's own types."""
    remarks = found.proposal.remarks if found.proposal else ()
    return {
        "changes": [
            {"path": one.path, "new": one.before is None, "diff": "\n".join(difference(one))}
            for one in changes
        ],
        "settings": list(set_too),
        "lacking": [{"setting": shown(one), "why": one.why} for one in found.lacking],
        "notes": list(remarks),
        "findings": [
            {field: getattr(one, field) for field in FIELDS} for one in found.trial.findings
        ],
        "alternatives": [{"setting": words, "findings": left} for words, left in found.others],
        "left": list(left),
    }


def _commit(changes: Sequence[Change]) -> Iterator[str]:
    yield f"commit this: {', '.join(dict.fromkeys(one.path for one in changes))}"
    for path, program in ((pre_commit.PATH, "pre-commit"), (prek.PATH, "prek")):
        if any(one.path == path for one in changes):
            yield f"`{program} install` switches the hook on, once in each clone"


def _host(workspace: Workspace) -> Iterator[str]:
    settings = workspace.configuration
    released = [group.name for group in workspace.groups if group.members]
    if not released:
        return
    tags = ", ".join(workspace.tag(name, "*") for name in released)
    yield "the repository's host: an environment for the job that uploads, with its reviewers"
    yield f"the index {settings.index}: a trusted publisher, or a token, for each package"
    way = f"a release pushes {some(settings.branch)}, tags ({tags}) and refs/release-sync/*"
    yield f"the host's rules for branches and tags: {way}"


def _changelog(root: str, workspace: Workspace) -> Iterator[str]:
    tree = WorkingTree(root)
    with suppress(Unreadable):
        if any(kept(workspace, tree, one).style != OFF for one in workspace.groups if one.members):
            return
    for name in CHANGELOGS:
        if Path(root, name).is_file():
            taken = "; below a heading `## [Unreleased]` a release would find it"
            more = taken if name.endswith(".md") else ""
            yield f"{name}: its entry is yours to write, before each release{more}"
            return
