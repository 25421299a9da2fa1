"""The steps of a release, in order: before the seal, behind it, and what may be left of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release_sync.plan.facts import End
from release_sync.plan.own_steps import OwnScripts
from release_sync.plan.release import changed_lines, summary
from release_sync.seals.pending import Sealed, State, Strategy
from release_sync.steps.begin import Begin
from release_sync.steps.build import Build, Reproduce
from release_sync.steps.bump import Bump
from release_sync.steps.commit import Commit
from release_sync.steps.elsewhere.collect import Collect
from release_sync.steps.elsewhere.reserve import Reserve
from release_sync.steps.elsewhere.seal_collected import SealCollected
from release_sync.steps.land import Land
from release_sync.steps.lock import Lock
from release_sync.steps.ports.workbench import Rewrite
from release_sync.steps.probe import Probe
from release_sync.steps.resolve import Resolve
from release_sync.steps.seal import Seal
from release_sync.steps.staging.promote import Promote
from release_sync.steps.staging.stage import Stage
from release_sync.steps.staging.trial import Trial
from release_sync.steps.staging.unstage import Unstage
from release_sync.steps.sync import Sync
from release_sync.steps.uploading.upload import Upload
from release_sync.steps.verify import Verify
from release_sync.steps.way import Way, way_of

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.plan.release import Release
    from release_sync.seals.artifact import Expected
    from release_sync.steps.ports.workbench import Development
    from release_sync.steps.step import Step
    from release_sync.toml.edits import FileEdit

NONE = OwnScripts()
"""No step of the workspace's own."""


def of(release: Release) -> tuple[Step, ...]:
    """Return the steps of a run, which may leave the release to another one."""
    by_end = {End.RELEASED: steps, End.SEALED: preparing, End.RESERVED: reserving}
    return by_end[release.end](release)


def steps(release: Release) -> tuple[Step, ...]:
    """Return the steps, in order. Only the functions of this file know the order."""
    draft = release.draft
    return (
        *preparing(release),
        *((Stage(draft.name), Trial(draft.name, builds=True)) if _is_staged(draft) else ()),
        *release.own.before_uploading(draft),
        Begin(draft.name),
        *publishing(draft, release.remote, release.way, release.members, release.development),
        *release.own.after_landing(draft),
    )


def preparing(release: Release) -> tuple[Step, ...]:
    """Return the steps up to the seal."""
    return (
        *committing(release),
        Build(release.members),
        *((Reproduce(release.members),) if release.reproduced else ()),
        Verify(release.members),
        *release.own.verifying(release.draft),
        Seal(release.message, release.draft, release.remote),
    )


def reserving(release: Release) -> tuple[Step, ...]:
    """Return the steps up to a candidate that is built elsewhere."""
    draft = replace(release.draft, state=State.RESERVED)
    return (*committing(release), Reserve(release.message, draft, release.remote))


def collecting(
    reserved: Sealed,
    message: str,
    remote: str,
    members: tuple[Expected, ...],
    folder: Path,
    files: tuple[tuple[str, str], ...],
    own: OwnScripts = NONE,
) -> tuple[Step, ...]:
    """Return the steps from what was built elsewhere, which is in a ``folder``, to the seal."""
    draft = replace(reserved, oid="", state=State.SEALED, reserved=reserved.oid)
    return (
        Collect(folder, files),
        Verify(members),
        *own.verifying(reserved),
        SealCollected(message, draft, remote),
    )


def committing(release: Release) -> tuple[Step, ...]:
    """Return the steps up to the candidate."""
    builds = () if release.end is End.RESERVED else release.members
    return (
        *((Probe(release.probed, release.remote),) if release.probed else ()),
        *bumping(release),
        *(() if release.ahead is None else (replace(release.ahead, members=builds),)),
    )


def bumping(release: Release) -> tuple[Step, ...]:
    """Return the steps that make the commit of a release: `bump` does these, and no other."""
    base = release.draft.base
    return (
        Bump(base, _rewrites(release.manifests), summary(release.manifests)),
        Lock(_rewrites(release.locks), sum(map(changed_lines, release.locks))),
        Commit(base, release.message, tuple(edit.path for edit in release.edits)),
    )


def finishing(
    pending: Sealed,
    before: str | None,
    remote: str,
    members: tuple[Expected, ...],
    way: Way,
    development: Development | None = None,
    own: OwnScripts = NONE,
) -> tuple[Step, ...]:
    """Return the steps that may be left of a sealed release: what it is stands in the seal.

    ``before`` is what the pending ref points to, None where it was deleted. A stage is tried before
    the upload begins, and made again where somebody deleted it since.
    """
    again, staged = before != pending.oid, _is_staged(pending)
    lands = way_of(way, commits=pending.candidate != pending.base and not pending.existing)
    return (
        Build(members, elsewhere=bool(pending.reserved)),
        *((Stage(pending.name, before),) if staged else ()),
        *((Trial(pending.name),) if staged and not again else ()),
        *(() if again else own.before_uploading(pending)),
        Begin(pending.name, before, again=again),
        *publishing(pending, remote, lands, members, development),
        *own.after_landing(pending),
    )


def publishing(
    sealed: Sealed,
    remote: str,
    way: Way,
    members: tuple[Expected, ...],
    development: Development | None = None,
) -> tuple[Step, ...]:
    """Return the steps behind the point of no return."""
    staged = _is_staged(sealed)
    upload = Promote if staged else Upload
    resolve = Resolve({name: sealed.version_of(name) for name in sealed.members}, roots(members))
    return (
        *(
            upload(member, sealed.version_of(member), number)
            for number, level in enumerate(sealed.levels)
            for member in level
        ),
        *((Unstage(sealed.name),) if staged else ()),
        Land(
            sealed.branch,
            sealed.tag,
            remote,
            way,
            sealed.existing,
            tuple(one.tag for one in sealed.companions),
            development,
            resolve,
        ),
        Sync(
            sealed.branch,
            sealed.tag,
            tagged=way is not Way.NONE and not sealed.existing,
            pushed=way is Way.PUSH,
        ),
        resolve,
    )


def roots(members: tuple[Expected, ...]) -> tuple[str, ...]:
    """Return members that bring all others along, when each is installed without extras.

    That is whom no other one requires, and one of those that only require each other.
    """
    needs = {one.name: _needed(one) for one in members}
    needed = {name for one, names in needs.items() for name in names - {one}}
    found: set[str] = set()
    brought: set[str] = set()
    for name in (*(one for one in needs if one not in needed), *reversed(needs)):
        if name in brought:
            continue
        found.add(name)
        more = {name}
        while more:
            brought |= more
            more = {one for each in more for one in needs.get(each, ())} - brought
    return tuple(name for name in needs if name in found)


def _needed(member: Expected) -> set[str]:
    """Return the names of what is installed with a member; extras are asked for by name."""
    told = map(Requirement, member.requires)
    return {
        canonicalize_name(one.name)
        for one in told
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }


def _is_staged(sealed: Sealed) -> bool:
    return sealed.strategy is Strategy.STAGED


def _rewrites(edits: tuple[FileEdit, ...]) -> tuple[Rewrite, ...]:
    return tuple(Rewrite(edit.path, edit.content) for edit in edits)
