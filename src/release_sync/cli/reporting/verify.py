"""``release-sync verify TAG``: the files that the index serves, compared with the tag's hashes."""

from __future__ import annotations

import click

from devclikit.everywhere import Command
from devclikit.plain import show
from release_sync.cli import completions, options
from release_sync.effects.released_to import open_index_of
from release_sync.run.served_files import look_up, served_problem


@click.command("verify", cls=Command)
@click.argument("tag", shell_complete=completions.tags)
@options.index
def command(tag: str, index: str) -> None:
    """Compare the files that the index serves with the hashes in TAG; works in a bare clone."""
    sealed, served_by = open_index_of(options.HERE, tag, index)
    files = look_up(sealed, served_by)
    for one in files:
        mark = "✓" if one.is_as_sealed else "✗"
        show(f"{mark} {one.artifact.filename}  {one.artifact.sha256[:12]}  {one.words}")
    problem = served_problem(tag, served_by, files)
    if problem is not None:
        raise problem
    show(f"{tag}: all {len(files)} files are served as they were sealed", err=True)
