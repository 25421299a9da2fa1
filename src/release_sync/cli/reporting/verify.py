"""``release-sync verify``: the files that the index serves, compared with the hashes in a tag."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from devclikit.plain import plain
from devclikit.settings import settings
from devclikit.terminal.medium import medium
from devclikit.terminal.wrapping import wrapped
from release_sync.cli import completions, options
from release_sync.cli.events_json import JsonLines
from release_sync.cli.reporting.as_json import verified_fields
from release_sync.cli.screen import Screen
from release_sync.cli.terminal.tables import Row, table
from release_sync.effects.attestations.provenance import attestations
from release_sync.effects.rebuild import open_rebuild
from release_sync.effects.released_to import Releases
from release_sync.errors import Problem, Several
from release_sync.run.after.attested import attested_problem, look_up_attestations
from release_sync.run.after.rebuilt import rebuild, rebuilt_problem
from release_sync.run.served_files import choose_seals, look_up, served_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devclikit.terminal.medium import Medium
    from release_sync.effects.index.released_index import ReleasedIndex
    from release_sync.run.after.rebuilt import Rebuilt
    from release_sync.run.served_files import ServedFile
    from release_sync.seals.pending import Sealed

COLUMNS = ("  file", "sha256", "")


@click.command("verify", cls=Command)
@click.argument("tag", default="", shell_complete=completions.tags)
@options.index
@click.option("--rebuild", "rebuilt", is_flag=True,
              help="Build the release again from what git has, and compare that, too.")  # fmt: skip
@options.as_json
def command(tag: str, index: str, *, rebuilt: bool, as_json: bool) -> None:
    """Compare the files that the index serves with the hashes in TAG; works in a bare clone.

    TAG is a tag, or a version; without it, it is the newest release tag of each group. With
    --rebuild, code of the repository runs: its build backends, isolated as in a release.
    """
    releases = Releases(options.HERE)
    problems: list[Problem] = []
    for name, oid in choose_seals(tag, releases).items():
        try:
            sealed = releases.seal(name, oid)
            served_by = releases.index_of(sealed, index)
            problems += _verify(releases, sealed, served_by, rebuilt=rebuilt, as_json=as_json)
        except Problem as problem:
            problems.append(problem)
    if problems:
        raise problems[0] if len(problems) == 1 else Several(tuple(problems))


def _verify(
    releases: Releases, sealed: Sealed, index: ReleasedIndex, *, rebuilt: bool, as_json: bool
) -> list[Problem]:
    """Print what is served of one release, and return what is wrong with it."""
    talk = nullcontext(JsonLines(runs=False)) if as_json else Screen()
    with talk as screen:
        with screen.doing(f"ask {index.name}") as report:
            files = look_up(sealed, index, report)
            attested = look_up_attestations(files, partial(attestations, index), report)
        again = _rebuild(releases, sealed, files, index, screen) if rebuilt else None
    if isinstance(screen, JsonLines):
        screen.report("verified", **verified_fields(sealed, index.name, files, attested, again))
    else:
        on = medium(sys.stdout)
        click.echo(text(files, on, again, verbose=settings().verbose), color=True)
        for words in attested.words:
            click.echo(wrapped(plain(f"attested by {words}"), on.width, 4))
    found = [served_problem(sealed, index, files), attested_problem(sealed, index.name, attested)]
    found += [] if again is None else [rebuilt_problem(sealed, again)]
    problems = [one for one in found if one is not None]
    if not problems and not settings().quiet:
        words = f"{sealed.tag}: all {len(files)} files are served as they were sealed"
        if again:
            words += f", and are what is built from {sealed.candidate[:7]}, bit for bit"
        if sealed.is_stamped:
            words += f"; {sealed.candidate[:7]} is {sealed.base[:7]} (where"
            words += f" {sealed.tag} is) with the version stamped in"
        click.echo(wrapped(words, medium(sys.stderr).width), err=True)
    return problems


def _rebuild(
    releases: Releases,
    sealed: Sealed,
    files: Sequence[ServedFile],
    index: ReleasedIndex,
    screen: Screen | JsonLines,
) -> Rebuilt:
    """Build a release again, and compare."""
    with open_rebuild(releases, sealed, index) as bench:
        screen.line("Rebuild", f"{sealed.candidate[:7]}; isolation: {bench.isolation.words}")
        with screen.doing(f"rebuild {sealed.tag}") as report:
            found = rebuild(sealed, files, bench, report)
    for note in found.notes:
        screen.line("Note", note)
    return found


def text(
    files: Sequence[ServedFile],
    on: Medium,
    rebuilt: Rebuilt | None = None,
    *,
    verbose: bool = False,
) -> str:
    """Return a table of the files; unless ``verbose``, a long one lists what is not as sealed.

    Of files that were ``rebuilt``, too; what differs is said below the table.
    """
    again = {one.served: one for one in rebuilt.files} if rebuilt else {}
    rows = []
    for one in files:
        mine = again.get(one)
        good = one.is_as_sealed and (mine is None or mine.is_identical)
        words = one.words if mine is None else f"{one.words}; {mine.words}"
        mark, colour = ("✓", "") if good else ("✗", "red")
        cells = (one.artifact.sha256[:12], words)
        rows.append(Row(f"{mark} {one.artifact.filename}", cells, colour, ("", words)))
    below = "" if rebuilt is None else "\n".join(_differences(rebuilt, on))
    return "\n".join(filter(None, [table(COLUMNS, rows, on, verbose=verbose), below]))


def _differences(rebuilt: Rebuilt, on: Medium) -> Iterator[str]:
    """Yield what is not the same, a paragraph for each file."""
    for one in rebuilt.files:
        if one.differences:
            yield f"{one.artifact.filename}: what is served → what git gives"
            yield from (wrapped(f"    {each}", on.width, 6) for each in one.differences)
        if one.unseen:
            yield wrapped(f"{one.artifact.filename}: not compared: {one.unseen}", on.width, 4)
    for words in rebuilt.built_with:
        yield f"built with {words}"
    for name in rebuilt.more:
        yield f"built from git, and not in the seal: {name}"
