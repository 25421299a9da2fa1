"""``release-sync verify``: the files that the index serves, compared with the hashes in a tag."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.settings import settings
from release_sync.cli import completions, options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.reporting.as_json import verified_fields
from release_sync.cli.screen import Screen
from release_sync.cli.terminal.medium import medium
from release_sync.cli.terminal.tables import Row, table
from release_sync.cli.terminal.wrapping import wrapped
from release_sync.effects.released_to import open_index_of, tag_patterns, tags_here
from release_sync.errors import Problem, Several
from release_sync.run.served_files import choose_tags, look_up, served_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.cli.terminal.medium import Medium
    from release_sync.run.served_files import ServedFile

COLUMNS = ("  file", "sha256", "")


@click.command("verify", cls=Command)
@click.argument("tag", default="", shell_complete=completions.tags)
@options.index
@options.as_json
def command(tag: str, index: str, *, as_json: bool) -> None:
    """Compare the files that the index serves with the hashes in TAG; works in a bare clone.

    TAG is a tag, or a version; without it, it is the newest release tag of each group.
    """
    refs = tags_here(options.HERE)
    exact = f"refs/tags/{tag}" in refs
    tags = (tag,) if exact else choose_tags(tag, refs, tag_patterns(options.HERE))
    problems = []
    for one in tags:
        try:
            _verify(one, index, as_json=as_json)
        except Problem as problem:
            problems.append(problem)
    if problems:
        raise problems[0] if len(problems) == 1 else Several(tuple(problems))


def _verify(tag: str, index: str, *, as_json: bool) -> None:
    """Print what is served of one tag. Raises Problem where that is not what was sealed."""
    sealed, served_by = open_index_of(options.HERE, tag, index)
    if as_json:
        files = look_up(sealed, served_by)
        JsonLines(runs=False).report("verified", **verified_fields(sealed, served_by.name, files))
    else:
        with Screen() as screen, screen.doing(f"ask {served_by.name}") as report:
            files = look_up(sealed, served_by, report)
        click.echo(text(files, medium(sys.stdout), verbose=settings().verbose), color=True)
    problem = served_problem(tag, served_by, files)
    if problem is not None:
        raise problem
    words = f"{tag}: all {len(files)} files are served as they were sealed"
    if not settings().quiet:
        click.echo(wrapped(words, medium(sys.stderr).width), err=True)


def text(files: Sequence[ServedFile], on: Medium, *, verbose: bool = False) -> str:
    """Return a table of the files; unless ``verbose``, a long one lists what is not as sealed."""
    rows = []
    for one in files:
        mark, colour = ("✓", "") if one.is_as_sealed else ("✗", "red")
        cells = (one.artifact.sha256[:12], one.words)
        rows.append(Row(f"{mark} {one.artifact.filename}", cells, colour, ("", one.words)))
    return table(COLUMNS, rows, on, verbose=verbose)
