"""``prepare --output``: leave what is sealed in a folder, for a job that builds nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from release_sync.errors import Lost
from release_sync.run.approval import approve
from release_sync.run.executor import run
from release_sync.run.notes.markdown import markdown
from release_sync.run.notes.notes import notes
from release_sync.run.resuming import unfinishable
from release_sync.seals.bundle import NAME, NOTES, write_bundle
from release_sync.steps.build import Build
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from release_sync.plan.facts import Position
    from release_sync.run.bundle.folder import Folder
    from release_sync.run.context import Context
    from release_sync.run.notes.notes import Notes
    from release_sync.run.pending import Found
    from release_sync.run.talk import Talk
    from release_sync.seals.pending import Sealed


def leave(context: Context, seen: Position, found: Found, folder: Folder, talk: Talk) -> None:
    """Write the bundle of a pending release; ``context`` is at the remote's branch.

    In another clone than the one that made it, the artifacts are built again, and compared with the
    seal. Raises Problem.
    """
    if found.pending is None:
        raise Lost("what was sealed is not pending any more", hint="run `release-sync status`")
    refused = unfinishable(context, found)
    if refused is not None:
        raise refused
    sealed = found.sealed
    members, _ = approve(context, seen, found)
    world = context.world(sealed.group, sealed.index)
    if not world.store.has(sealed.artifacts):
        known = Known(sealed=sealed, candidate=sealed.candidate)
        run((Build(members, elsewhere=bool(sealed.reserved)),), world, talk, known, ours=False)
    with world.store.copies(sealed.artifacts) as files:
        folder.write(write_bundle(sealed), markdown(_notes(context, sealed)), files)
    beside = f"{NAME} and {NOTES}"
    talk.line("Bundle", f"{folder}: {len(sealed.artifacts)} files, {beside}, of {sealed.oid}")


def _notes(context: Context, sealed: Sealed) -> Notes:
    return notes(sealed, partial(context.source.entries, sealed.candidate))
