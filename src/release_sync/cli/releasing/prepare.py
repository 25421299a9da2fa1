"""``release-sync prepare``: all steps of a release up to the seal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from release_sync.cli import options
from release_sync.cli.releasing import outputs as handed_on
from release_sync.cli.releasing.dry_run import show as show_pending
from release_sync.cli.releasing.plan import show
from release_sync.cli.talking import talk
from release_sync.effects.bundle_folder import BundleFolder
from release_sync.effects.opening import open_context
from release_sync.errors import Unreadable
from release_sync.plan.facts import End
from release_sync.run.bundle.collecting import collect
from release_sync.run.publishing import prepare

if TYPE_CHECKING:
    from release_sync.plan.facts import Request


@click.command("prepare", cls=Command)
@options.what
@options.as_it_is
@options.reproduce
@options.pull
@options.yes
@options.as_json
@options.dry_run
@click.option(
    "--candidate",
    is_flag=True,
    help="Build nothing: reserve the version, and leave its commit to be built elsewhere.",
)
@click.option(
    "--artifacts",
    default="",
    metavar="DIR",
    type=click.Path(),
    help="Verify and seal what was built elsewhere of the candidate.",
)
@click.option(
    "--seal",
    default="",
    metavar="OID",
    help="With --artifacts: only for the candidate that was reserved so.",
)
@click.option(
    "--output",
    default="",
    metavar="DIR",
    type=click.Path(),
    help="Leave what was sealed in a folder, for `resume --artifacts`.",
)
@handed_on.option  # fmt: skip
def command(
    request: Request,
    artifacts: str,
    seal: str,
    output: str,
    outputs: str,
    *,
    candidate: bool,
    pull: bool,
    yes: bool,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Seal a release, and leave it pending for `resume`.

    Run again, it leaves what is pending as it is.
    """
    _refuse_both(request, artifacts, seal, output, candidate=candidate)
    context = open_context(options.HERE, request.index)
    if dry_run and artifacts:
        show_pending(context, request.group, as_json=as_json)
        return
    if dry_run:
        end = End.RESERVED if candidate else End.SEALED
        show(context, replace(request, end=end), as_json=as_json)
        return
    with context.locked(), talk(as_json=as_json, yes=yes) as screen:
        folder = BundleFolder(output) if output else None
        asked = replace(request, pull=pull, asks=not yes)
        if artifacts:
            collect(context, asked, seal, BundleFolder(artifacts), screen, folder)
        else:
            prepare(context, asked, screen, folder, candidate=candidate)
        if candidate or outputs:
            handed_on.hand_on(context, asked, outputs, screen)


def _refuse_both(
    request: Request, artifacts: str, seal: str, output: str, *, candidate: bool
) -> None:
    """Raise Unreadable for options that exclude each other."""
    built = {"--artifacts": artifacts, "--output": output, "--reproduce": request.reproduce}
    for option, given in built.items():
        if candidate and given:
            raise Unreadable(
                f"`--candidate` and `{option}` exclude each other: of a candidate nothing is built",
                hint="give one of them",
            )
    if artifacts and request.reproduce:
        raise Unreadable(
            "`--artifacts` and `--reproduce` exclude each other: nothing is built",
            hint="give one of them",
        )
    if seal and not artifacts:
        raise Unreadable("`--seal` goes with `--artifacts`", hint="say which files to seal")
