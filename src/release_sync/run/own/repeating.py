"""``step after-land``: run the last steps of a release that has landed, once more or at last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.own_steps import own_scripts
from release_sync.run.executor import run
from release_sync.run.interrupted import UNCHANGED, leaving
from release_sync.steps.step import Known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.run.context import Context
    from release_sync.run.talk import Talk
    from release_sync.seals.pending import Sealed


def repeat(context: Context, tag: str, talk: Talk) -> None:
    """Run what comes after the landing of a release: the caller holds the lock.

    Raises Problem where the tag is none of a release on the remote, or a step fails.
    """
    with leaving(UNCHANGED):
        refs = context.repository.ask_remote()
        sealed = _landed(context, refs, tag)
        for commit in (sealed.candidate, sealed.base):
            context.repository.fetch_commit(commit)
        own = own_scripts(context.source.workspace(sealed.base), sealed, refs)
    steps = own.after_landing(sealed)
    if not steps:
        talk.line("Nothing", f"is run behind {tag}: its configuration has no after-land")
        return
    talk.line("Released", f"{sealed.name}, from {sealed.candidate[:7]}")
    known = Known(sealed=sealed, candidate=sealed.candidate)
    run(steps, context.at(sealed.base).world(sealed.group), talk, known, ours=False)


def _landed(context: Context, refs: Mapping[str, str], tag: str) -> Sealed:
    """Return the seal of a release that landed: as the tag, or beside it. Raises Problem."""
    names, remote = context.names, context.repository.remote
    oid = refs.get(names.sealed(tag)) or refs.get(names.tag(tag))
    if oid is None:
        raise Problem(
            f"there is no release {tag} on {remote}",
            hint="`release-sync status` shows what is released, and what is pending",
        )
    sealed = context.repository.read_pending(oid).sealed
    if sealed.primary:
        raise Problem(
            f"{tag} was released together with {sealed.primary}, and has no steps of its own",
            hint=f"name the tag of {sealed.primary}",
        )
    return sealed
