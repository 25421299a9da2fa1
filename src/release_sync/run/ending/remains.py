"""What a release leaves that was undone or given up: files on the index, and its stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.seals.pending import Strategy, enumeration
from release_sync.steps.observed import Observed
from release_sync.steps.staging.unstage import unstage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.run.context import Context
    from release_sync.run.talk import Talk
    from release_sync.seals.artifact import Artifact
    from release_sync.seals.pending import Sealed


def ask_index(context: Context, sealed: Sealed) -> list[tuple[Artifact, Observed]]:
    """Ask the index of a release for its files; one that is not configured any more can't be."""
    artifacts = sealed.in_upload_order
    try:
        world = context.world(sealed.group, sealed.index)
    except Unreadable:
        return [(artifact, Observed.UNKNOWN) for artifact in artifacts]
    seen = world.index.look_up_each(artifacts)
    return [(one, seen[one.filename]) for one in artifacts]


def given_up(
    sealed: Sealed, answers: Sequence[tuple[Artifact, Observed]]
) -> Iterator[tuple[str, str]]:
    """Yield what stays on the index, and what to yank: who requires others goes first.

    Each has a label. Until all of it is yanked (PEP 592), resolvers may take what is there.
    """
    for artifact, answer in answers:
        if answer is Observed.EXACT:
            yield "Stays", f"{artifact.filename} is on {sealed.index}"
    if any(answer in {Observed.ABSENT, Observed.UNKNOWN} for _, answer in answers):
        yield "Note", f"a file that was on its way to {sealed.index} may still appear there"
    there = {one.member for one, answer in answers if answer is Observed.EXACT}
    for name in reversed(sealed.members):
        if name in there:
            yield "Yank", f"{name} {sealed.version_of(name)} on {sealed.index}, by hand"
    if there:
        without = [name for name in sealed.members if name not in there]
        lacks = f" without {', '.join(without)}" if without else ""
        versions = list(dict.fromkeys(one.version for one in sealed.groups))
        said = f"{enumeration(versions)} {'were' if versions[1:] else 'was'}"
        yield "Reason", f"{said} given up{lacks}: use another version"


def remove_stage(context: Context, sealed: Sealed, talk: Talk) -> None:
    """Delete the stage of a release that is over, and say what became of it."""
    if sealed.strategy is not Strategy.STAGED:
        return
    try:
        words, deleted = unstage(context.world(sealed.group, sealed.index), sealed)
    except Unreadable as problem:
        words, deleted = f"its stage may be left: {problem.message}", False
    talk.line("Stage" if deleted else "Note", words)
