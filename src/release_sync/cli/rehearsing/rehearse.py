"""``release-sync rehearse``: a release with a scratch remote and an embedded index."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from devclikit.everywhere import Command
from release_sync.cli import options
from release_sync.cli.talking import talk
from release_sync.effects.build.archives import requires_python
from release_sync.effects.index.address import Address
from release_sync.effects.opening import open_context
from release_sync.effects.rehearsal.sandbox import Sandbox, install, open_sandbox
from release_sync.effects.secrets import environment, without_upload_secrets
from release_sync.effects.verification.import_trial import trials
from release_sync.errors import Interrupted, Problem, Unreadable
from release_sync.plan.facts import Request
from release_sync.run.rehearsing import UNTOUCHED, rehearsed_branch, release_at_once
from release_sync.seals.pending import enumeration

if TYPE_CHECKING:
    from release_sync.cli.events_json import JsonLines
    from release_sync.cli.screen import Screen
    from release_sync.effects.context import ReleaseContext
    from release_sync.plan.release import Release

NOWHERE = Address("", "", "")
"""In place of the user's index, which a rehearsal does not even look at."""


@click.command("rehearse", cls=Command)
@options.workspace
@options.what_but_index
@options.reproduce
@click.option("--keep", is_flag=True, help="Keep the folder of the rehearsal, and print its path.")
@options.as_json
@click.option("--chaos", is_flag=True, help="Kill the release at every boundary, and finish it.")
@click.option("--boundary", "chosen", multiple=True, type=click.IntRange(min=1), metavar="N",
              help="With --chaos: only this boundary.")  # fmt: skip
def command(
    path: str,
    request: Request,
    chosen: tuple[int, ...],
    *,
    keep: bool,
    as_json: bool,
    chaos: bool,
) -> None:
    """Rehearse a release with a scratch remote and an embedded index, and install the result.

    PATH is the workspace; its repository, its remote and its index are untouched.
    """
    try:
        _rehearsed(path, request, chosen, keep=keep, as_json=as_json, chaos=chaos)
    except KeyboardInterrupt as stop:
        raise Interrupted(UNTOUCHED, "", stop) from stop


def _rehearsed(
    path: str,
    request: Request,
    chosen: tuple[int, ...],
    *,
    keep: bool,
    as_json: bool,
    chaos: bool,
) -> None:
    context = open_context(path, address=NOWHERE)
    if chaos:
        named = Request(group=request.group, others=request.others, every=request.every)
        if request != named or keep or as_json:
            raise Unreadable(
                "`--chaos` rehearses what `publish` would do, and shows a table",
                hint="leave the other options away; only `--boundary`, `--group` and `--all` go"
                " with it",
            )
        from release_sync.cli.chaos.survival import survive  # noqa: PLC0415 - no release needs it

        survive(context, request, chosen)
        return
    if chosen:
        raise Unreadable("`--boundary` goes with `--chaos`", hint="add `--chaos`")
    with talk(as_json=as_json, yes=True) as screen:
        _begin(context, request, screen, keep=keep)


def _begin(
    context: ReleaseContext, request: Request, screen: Screen | JsonLines, *, keep: bool
) -> None:
    """Make the sandbox, and rehearse in it."""
    configuration = context.workspace.configuration
    screen.line(
        "Rehearsal", f"{configuration.remote} is a scratch remote, the index an embedded one"
    )
    dirty = context.repository.dirty()
    if dirty:
        screen.line("Note", f"what is not committed is not rehearsed: {', '.join(dirty)}")
    with open_sandbox(
        context.repository.repo, rehearsed_branch(context), configuration.remote, keep=keep
    ) as place:
        if keep:
            screen.line("Folder", str(place.folder))
        rehearse(context, place, request, screen)


def rehearse(
    context: ReleaseContext, place: Sandbox, request: Request, screen: Screen | JsonLines
) -> None:
    """Release in the sandbox, install from its index, and show what was seen."""
    environ = {**without_upload_secrets(environment()), **place.environ()}
    prefix = os.path.relpath(context.source.root, context.repository.top)
    rehearsed = open_context(str(place.checkout / prefix), "", place.index, environ)
    release = release_at_once(rehearsed, request, screen)
    _install(release, rehearsed, place, screen)
    refs, tags = rehearsed.repository.ask_remote(), [one.tag for one in release.draft.groups]
    for tag in tags:
        if f"refs/tags/{tag}" not in refs:
            raise Problem(f"{tag} is not on the scratch remote")
    are = "is" if len(tags) == 1 else "are"
    there = f"{enumeration(tags)} {are} on the scratch remote"
    screen.line("Rehearsed", f"{there}; nothing else changed")


def _install(
    release: Release, context: ReleaseContext, place: Sandbox, screen: Screen | JsonLines
) -> None:
    wheels = sorted(place.packages.glob("*.whl"))
    python = ",".join(sorted({requires_python(wheel) for wheel in wheels} - {""}))
    released = {member.name: member.version for member in release.members}
    tried = trials(wheels, context.workspace.configuration.skip_import)
    with screen.doing("install the release from the embedded index, and import it"):
        failures = install(place, context.uv, Path(context.source.root), released, tried, python)
    if failures:
        raise Problem(f"what was installed does not work: {'; '.join(failures)}")
    shown = ", ".join(f"{name} {version}" for name, version in released.items())
    screen.line("Installed", f"{shown} from the embedded index, and imported")
