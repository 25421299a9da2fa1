"""``release-sync rehearse``: the real engine against an embedded index and a scratch remote."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.cli.releasing import alone, begin, look
from release_sync.cli.screen import Screen
from release_sync.effects.rehearsal import Ground, ground, install
from release_sync.effects.site import Site, open_site
from release_sync.effects.verification import requires_python
from release_sync.errors import Problem, Several

if TYPE_CHECKING:
    from release_sync.plan.facts import Request
    from release_sync.plan.release import Release


@click.command("rehearse")
@click.argument("path", default=".", type=click.Path(exists=True, file_okay=False))
@options.what
@click.option("--keep", is_flag=True, help="Keep the folder of the rehearsal, and say where it is.")
def command(
    path: str, levels: tuple[str, ...], version: str | None, group: str, index: str, *, keep: bool
) -> None:
    """Release for real, to nowhere: embedded index, scratch remote, install, import.

    PATH is the workspace; its repository, its remote and its index are untouched.
    """
    request = options.request(levels, version, group, index)
    site = open_site(path, index)
    configuration = site.workspace.configuration
    screen = Screen()
    with ground(
        site.repository.repo, configuration.branch, configuration.remote, keep=keep
    ) as place:
        if keep:
            screen.line("Folder", str(place.folder))
        rehearse(site, place, request, screen)


def rehearse(site: Site, place: Ground, request: Request, screen: Screen) -> None:
    """Release on the ground, install from its index, and say what was seen."""
    environ = {**os.environ, **place.environ()}
    prefix = os.path.relpath(site.source.root, site.repository.top)
    rehearsed = open_site(str(place.checkout / prefix), "", place.index, environ)
    with alone(rehearsed):
        release, against = look(rehearsed, request)
        if against:
            raise Several(against)
        screen.plan(release)
        begin(release, rehearsed, screen)
    _install(release, rehearsed, place, screen)
    tag = rehearsed.repository.ask_remote().get(f"refs/tags/{release.draft.tag}")
    if tag is None:
        raise Problem(f"{release.draft.tag} is not on the scratch remote")
    screen.line("Rehearsed", f"{release.draft.tag} is on the scratch remote; nothing else changed")


def _install(release: Release, site: Site, place: Ground, screen: Screen) -> None:
    wheels = sorted(place.packages.glob("*.whl"))
    python = ",".join(sorted({requires_python(wheel) for wheel in wheels} - {""}))
    names = [member.name for member in release.members]
    root = [member.name for member in release.members if not member.folder]
    failures = install(place, site.uv, root or names, release.draft.version, wheels, python)
    if failures:
        raise Problem(f"what was installed does not work: {'; '.join(failures)}")
    shown = ", ".join(f"{name} {release.draft.version}" for name in names)
    screen.line("Installed", f"{shown} from the embedded index, and imported")
