"""What is left of a release that stopped, and what each way out of it would do: nothing is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Problem
from release_sync.plan.amounts import counted, some
from release_sync.run.aborting import irrevocable, not_to_be_abandoned
from release_sync.run.before.forge import ask_before_finishing
from release_sync.run.branch import at_the_branch
from release_sync.run.bundle.taking import compare, seal_of
from release_sync.run.ending.remains import ask_index
from release_sync.run.pending import choose, remote_refs
from release_sync.run.release_state import ReleaseState
from release_sync.run.remaining import observed, remaining_steps
from release_sync.run.resuming import landed_already, unfinishable
from release_sync.seals.pending import enumeration
from release_sync.steps.build import Build, hold_what_is_rare
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.plan.facts import Position
    from release_sync.run.bundle.folder import Folder
    from release_sync.run.context import Context
    from release_sync.run.pending import Found
    from release_sync.run.remaining import RemainingStep
    from release_sync.seals.artifact import Artifact
    from release_sync.seals.pending import Sealed

HERE = "here"
"""In place of a remote's name: this repository."""


class SeenRef(NamedTuple):
    """A ref of a release that stands: in which repository, what it is called, where it points."""

    where: str
    name: str
    oid: str


class WayOut(NamedTuple):
    """A command, and what it would do; or, where it would be ``refused``, why."""

    command: str
    does: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found, its files with what the index serves, its refs, and every way out.

    ``stopped`` says in words where it stopped. ``steps`` are those that may be left; there are none
    where it can't be finished. Where no ``found.pending`` is, ``stopped`` says that.
    """

    found: Found
    stopped: str = ""
    files: tuple[tuple[Artifact, Observed], ...] = ()
    refs: tuple[SeenRef, ...] = ()
    steps: tuple[RemainingStep, ...] = ()
    ways: tuple[WayOut, ...] = ()


def inspect(
    context: Context, group: str, *, seal: str = "", land: str = "", folder: Folder | None = None
) -> Inspection:
    """Look at what is pending; nothing is changed, and no lock is held. Raises Problem.

    ``seal``, ``land`` and the ``folder`` of a bundle are what `resume` would be given.
    """
    seal = seal_of(folder, seal) if folder is not None else seal
    context, seen = at_the_branch(context)
    found = choose(context, seen, group, seal)
    if found.pending is None:
        landed = landed_already(context, seen, found, seal) if seal else ""
        return Inspection(found, landed or "is pending; `release-sync publish` begins a release")
    files = tuple(ask_index(context, found.sealed))
    steps, resume = _resume(context, seen, found, seal, land, folder)
    ways = (*_seal(found), resume, _abort(context, found), _abandon(context, seen, found, files))
    refs = tuple(_refs(context, seen, found.sealed))
    return Inspection(found, _stopped(found, files), files, refs, steps, ways)


def _stopped(found: Found, files: Sequence[tuple[Artifact, Observed]]) -> str:
    """Return where it stopped, by its state and the first member that is not served as sealed."""
    match found.state:
        case ReleaseState.RESERVED:
            return "before its artifacts were sealed"
        case ReleaseState.SEALED | ReleaseState.WITHDRAWN:
            return "before its upload began: nothing was sent"
        case ReleaseState.UPLOADING | ReleaseState.DELETED | ReleaseState.ORPHANED:
            missing = [one for one, answer in files if answer is not Observed.EXACT]
            step = f"upload {missing[0].member}" if missing else "land"
            there = f"{len(files) - len(missing)} of {counted(len(files), 'file')}"
            return f"in the step `{step}`: {there} on {found.sealed.index}"
        case _:
            return "it is over"


def _refs(context: Context, seen: Position, sealed: Sealed) -> Iterator[SeenRef]:
    """Yield the refs of a release that stand on the remote, and then those here."""
    names, git = context.names, context.repository
    refs = remote_refs(context, seen)
    branch = f"refs/heads/{sealed.branch}"
    for one in sealed.groups:
        marks = (names.tag(one.tag), names.sealed(one.tag), names.abandoned(one.tag))
        for name in (names.pending(one.group), *marks):
            if name in refs:
                yield SeenRef(git.remote, name, refs[name])
    if branch in refs:
        yield SeenRef(git.remote, branch, refs[branch])
    tags = (names.tag(one.tag) for one in sealed.groups)
    for name in (names.here(sealed.group), *tags, branch):
        oid = git.local_ref(name)
        if oid is not None:
            yield SeenRef(HERE, name, oid)


def _seal(found: Found) -> Iterator[WayOut]:
    if found.state is ReleaseState.RESERVED:
        does = f"verifies and seals what was built of {found.sealed.candidate[:12]}"
        yield WayOut("prepare --artifacts DIR", does, refused=False)


def _resume(
    context: Context,
    seen: Position,
    found: Found,
    seal: str,
    land: str,
    folder: Folder | None,
) -> tuple[tuple[RemainingStep, ...], WayOut]:
    command = "resume"
    try:
        landed = landed_already(context, seen, found, seal) if seal else ""
        if landed:
            return (), WayOut(command, f"nothing: {landed}", refused=False)
        problem = unfinishable(context, found) or context.repository.identity_problem()
        if problem is not None:
            raise problem
        if found.state is ReleaseState.WITHDRAWN:
            return (), WayOut(command, "forgets it here: it is not pending any more", refused=False)
        if found.state is ReleaseState.LANDED:
            does = f"fetches {found.sealed.name}, and brings {found.sealed.branch} here up to date"
            return (), WayOut(command, does, refused=False)
        if folder is not None:
            compare(found, folder)
        ask_before_finishing(context, seen, found, land)
        builds = folder is None
        left = tuple(observed(context, seen, found, land=land, builds=builds))
        if any(isinstance(step, Build) and one is Observed.ABSENT for step, one in left):
            hold_what_is_rare(context.world(found.group, found.sealed.index), found.sealed)
        steps = remaining_steps(left)
    except Problem as problem:
        return (), WayOut(command, problem.message, refused=True)
    return steps, WayOut(command, "; then ".join(_left(steps)), refused=False)


def _left(steps: Sequence[RemainingStep]) -> Iterator[str]:
    """Yield what is left to do, all uploads as one."""
    left = [one for one in steps if one.seen != Observed.EXACT.value]
    uploads = [one.description for one in left if one.name.startswith("upload ")]
    for one in left:
        if one.description not in uploads:
            yield one.description
        elif one.description == uploads[0]:
            yield some(uploads)


def _abort(context: Context, found: Found) -> WayOut:
    problem = irrevocable(context, found)
    if problem is not None:
        return WayOut("abort", problem.message, refused=True)
    if found.state is ReleaseState.WITHDRAWN:
        return WayOut("abort", "forgets it here: it is not pending any more", refused=False)
    remote = context.repository.remote
    removes = f"removes {_pending(context, found)} on {remote}"
    does = f"{removes}, and all that is kept of it here; nothing was uploaded"
    return WayOut("abort", does, refused=False)


def _pending(context: Context, found: Found) -> str:
    return enumeration([context.names.pending(one.group) for one in found.sealed.groups])


def _abandon(
    context: Context, seen: Position, found: Found, files: Sequence[tuple[Artifact, Observed]]
) -> WayOut:
    command, sealed = "abort --abandon", found.sealed
    problem = not_to_be_abandoned(found)
    if problem is not None:
        return WayOut(command, problem.message, refused=True)
    names, remote, refs = context.names, context.repository.remote, remote_refs(context, seen)
    there = names.pending(found.group) in refs
    removes = f"removes {_pending(context, found)} on {remote}" if there else ""
    if found.state in {ReleaseState.LANDED, ReleaseState.ABANDONED, ReleaseState.SUPERSEDED}:
        return WayOut(command, f"{removes or 'forgets it here'}, and nothing else", refused=False)
    stay = sum(answer is Observed.EXACT for _, answer in files)
    marks = enumeration([names.abandoned(one.tag) for one in sealed.groups])
    parts = (
        f"gives {enumeration([one.version for one in sealed.groups])} up for ever",
        f"marks that on {remote} as {marks}",
        removes,
        f"leaves {counted(stay, 'file')} on {sealed.index}, to be yanked by hand" if stay else "",
    )
    return WayOut(command, "; ".join(filter(None, parts)), refused=False)
