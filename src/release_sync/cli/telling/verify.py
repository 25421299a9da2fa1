"""``release-sync verify TAG``: what the index serves, against what the tag says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.effects.context import open_index_of
from release_sync.errors import Problem, Unanswered
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from release_sync.seals.artifact import Artifact

WORDS = {
    Observed.EXACT: "served, and the sha256 is the sealed one",
    Observed.ABSENT: "missing",
    Observed.FOREIGN: "foreign: another file is served under this name",
    Observed.UNKNOWN: "unknown: no answer of a package index, or 404 for the whole project",
}


@click.command("verify")
@click.argument("tag")
@options.path
@options.index
def command(tag: str, path: str, index: str) -> None:
    """Compare the files that the index serves with the hashes in TAG; works in a bare clone."""
    sealed, served_by = open_index_of(path, tag, index)
    answers = [(one, *served_by.look_up_released(one)) for one in sealed.artifacts]
    for artifact, seen, yanked in answers:
        click.echo(_row(artifact, seen, yanked=yanked))
    if any(seen is Observed.UNKNOWN for _, seen, _ in answers):
        raise Unanswered(
            f"{served_by.name} did not answer for every file of {tag}",
            hint="try again when it does",
        )
    bad = [one.filename for one, seen, yanked in answers if yanked or seen is not Observed.EXACT]
    if bad:
        raise Problem(
            f"{served_by.name} does not serve {tag} as it was sealed: {', '.join(bad)}",
            hint=f"the sealed hashes are in the tag: `git cat-file tag {tag}`",
        )
    click.echo(f"{tag}: all {len(answers)} files are served as they were sealed", err=True)


def _row(artifact: Artifact, seen: Observed, *, yanked: bool) -> str:
    mark = "✓" if seen is Observed.EXACT and not yanked else "✗"
    note = "; yanked" if yanked else ""
    return f"{mark} {artifact.filename}  {artifact.sha256[:12]}  {WORDS[seen]}{note}"
