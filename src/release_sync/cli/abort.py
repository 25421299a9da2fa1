"""``release-sync abort``: undo what waits, while that is still possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from release_sync.cli import options
from release_sync.cli.releasing import alone
from release_sync.cli.screen import Screen, confirm
from release_sync.cli.waiting import Found, arrive, find, sealed_world
from release_sync.effects.site import Site, open_site
from release_sync.errors import Problem
from release_sync.plan.standing import Standing
from release_sync.run.undoing import abandon, settle, undo, uploaded
from release_sync.steps.world import Observed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.steps.artifact import Artifact, Sealed


@click.command("abort")
@options.path
@options.group
@options.yes
@click.option("--abandon", "give_up", is_flag=True,
              help="Past the first upload: give the version up, for ever.")  # fmt: skip
def command(path: str, group: str, *, yes: bool, give_up: bool) -> None:
    """Undo the release that waits, with proof, as long as nothing of it is published."""
    site = open_site(path)
    with alone(site):
        if give_up:
            abandon_waiting(site, group, yes=yes)
        else:
            undo_waiting(site, group, yes=yes)


def undo_waiting(site: Site, group: str, *, yes: bool) -> None:
    """Undo what waits for a group, and prove it: the caller holds the lock."""
    site, found, sealed = _found(site, group)
    confirm(f"Undo {sealed.tag}?", yes=yes)
    world = sealed_world(site, sealed)
    here, there = site.repository.snapshot(), _remote(site)
    standing = settle(world, found.standing)
    if standing is Standing.OVER:
        Screen().line("Forgotten", f"{sealed.tag}: {standing.value}")
        return
    if standing is not Standing.FREE:
        undo(world)
    for label, text in proof(site, sealed, here, there):
        Screen().line(label, text)


def abandon_waiting(site: Site, group: str, *, yes: bool) -> None:
    """Give up what waits for a group, and say what stays: the caller holds the lock."""
    site, found, sealed = _found(site, group)
    if found.standing is Standing.STALE:
        raise Problem(
            f"{sealed.tag} does not wait on the remote", hint="`release-sync abort` forgets it"
        )
    world = sealed_world(site, sealed)
    if uploaded(world) is Observed.ABSENT:
        raise Problem(
            f"nothing of {sealed.tag} is on {sealed.index}, so no version has to be given up",
            hint="run `release-sync abort`; if an upload may still be on its way, wait first",
        )
    confirm(f"Give {sealed.version} up? No release will use it again.", yes=yes)
    stays = abandon(world, site.abandoned_there(sealed.tag))
    screen = Screen()
    screen.line("Abandoned", f"{sealed.tag}: the lock is free, and the version is burned")
    for artifact in stays:
        screen.line("Stays", f"{artifact.filename} is on {sealed.index}")
    for name in _members(stays):
        screen.line("Yank", f"{name} {sealed.version} on {sealed.index}, by hand")


def proof(
    site: Site, sealed: Sealed, here: Mapping[str, object], there: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Compare everything with what it was, but for the waiting ref. Raises Problem if it differs.

    What others pushed to the remote in the meantime is told, and is no failure.
    """
    waiting, waiting_there = site.waiting(sealed.group), site.waiting_there(sealed.group)
    over = {waiting, *site.repository.tracking(waiting_there)}
    left = {name: value for name, value in here.items() if name not in over}
    changed = sorted(_changes(left, site.repository.snapshot()))
    if changed:
        raise Problem(f"{sealed.tag} is undone, but this changed here: {', '.join(changed)}")
    remote = site.repository.remote
    kept = {name: value for name, value in there.items() if name != waiting_there}
    others = sorted(_changes(kept, _remote(site)))
    refs = f"refs on {remote} ({len(kept)}) as they were"
    return [
        ("Undone", f"{sealed.tag}: none of its {len(sealed.artifacts)} files is on the index"),
        ("Proved", f"{refs}; and so is everything here: refs, what is staged, working tree"),
        *[("Moved", f"{name} on {remote}, by somebody else meanwhile") for name in others],
    ]


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _found(site: Site, group: str) -> tuple[Site, Found, Sealed]:
    site, seen = arrive(site)
    found = find(site, seen, group)
    if found.sealed is None:
        raise Problem(
            "nothing waits, so there is nothing to undo", hint="`release-sync status` shows more"
        )
    if found.standing is Standing.LANDED:
        raise Problem(
            f"{found.sealed.tag} has landed: it can't be undone",
            hint="run `release-sync resume`, so that this repository takes note",
        )
    return site, found, found.sealed


def _remote(site: Site) -> Mapping[str, str]:
    refs = site.repository.ask_remote()
    return {name: oid for name, oid in refs.items() if name.startswith("refs/") and "^" not in name}


def _members(artifacts: tuple[Artifact, ...]) -> list[str]:
    return list(dict.fromkeys(artifact.member for artifact in artifacts))
