"""The drift of a workspace: what HEAD, the release tags and the index have, compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.amounts import some
from release_sync.plan.availability import UNKNOWN
from release_sync.plan.branches import release_branch
from release_sync.plan.drift import from_index, from_tags, untagged
from release_sync.plan.version import releases
from release_sync.run.before.line import Line
from release_sync.run.released import is_sealed
from release_sync.steps.uploading.served import because

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.plan.drift import Drift
    from release_sync.run.context import Context, Index
    from release_sync.steps.uploading.served import Served


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest release of each group on the line of HEAD, as far as the remote tells.

    Releases of another branch are not of this line: 2.0 is no drift where 1.9 is maintained.
    ``tagged`` is the latest version of each group that a tag names, ``released`` the same with
    those that landed beside the tags, each with its tag; ``landed`` is the one that HEAD should be
    at, with the ref of its tag. ``members`` are those that its seal lists,
    None where it is no seal; ``others`` are the versions that were released on no matter which
    line. ``refs`` are those of the remote, None where it is silent; ``branch`` is the one that is
    released from here.
    """

    refs: Mapping[str, str] | None
    branch: str
    tagged: Mapping[str, str]
    released: Mapping[str, tuple[str, str]]
    landed: Mapping[str, tuple[str, str]]
    members: Mapping[str, frozenset[str] | None]
    others: Mapping[str, frozenset[str]]


def latest_releases(context: Context) -> Latest:
    """Ask the remote for its tags, and read the latest release of each group."""
    repository, workspace = context.repository, context.workspace
    refs, head = repository.remote_refs(), repository.head()
    branch = release_branch(workspace, repository.branch(), head, refs)
    line = Line(context, branch, head, refs or {})
    tagged, released, landed, members, others = {}, {}, {}, {}, {}
    for group in workspace.groups:
        every = releases(workspace.tag(group.name), line.known)
        others[group.name] = frozenset(version for version, _ in every)
        mine = line.newest(every, group.version)
        tagged[group.name] = next((version for version, ref in mine if ref in (refs or {})), "")
        landed[group.name] = line.on_the_branch(every, group.version)
        for version, ref in mine[:1]:
            released[group.name] = version, ref.removeprefix("refs/tags/")
            members[group.name] = _listed(context, line.known[ref])
    return Latest(refs, branch, tagged, released, landed, members, others)


def _listed(context: Context, oid: str) -> frozenset[str] | None:
    """Return the members that a seal lists; None for any other tag."""
    try:
        return frozenset(context.repository.read_pending(oid).sealed.own.members)
    except Problem:
        return None


def drifts(
    context: Context,
    index: Index,
    there: Latest,
    answers: Mapping[str, Served],
    sending: Mapping[str, str],
    newest: Mapping[str, str],
) -> Iterator[Drift | None]:
    """Yield the drift between HEAD, tags and the index; what the index can't say is none.

    While a group is ``sending`` a version, the index may have any part of it.
    """
    for group in context.workspace.groups:
        told = [
            name
            for name in (() if group.name in sending else group.members)
            if newest[name] != UNKNOWN
        ]
        if group.name not in there.released:
            if there.refs is not None:
                remote = context.repository.remote
                refs = {**there.refs, **context.names.beside(there.refs)}
                for name in told:
                    found = untagged(name, group.version, answers[name], index.name, remote)
                    if found and not is_sealed(context.repository, refs, name, group.version):
                        yield found
            continue
        if not group.members:
            continue
        if context.workspace.configuration.land != "tag":  # else none comes to the branch
            landed, ref = there.landed[group.name]
            yield from_tags(group.name, group.version, landed, ref.removeprefix("refs/tags/"))
        version, tag = there.released[group.name]
        listed = there.members[group.name]
        for name in told:
            if listed is None or name in listed:
                others = there.others[group.name]
                yield from_index(name, answers[name], index.name, version, tag, others)


def unknown(
    context: Context, index: Index, there: Latest, newest: Mapping[str, str]
) -> Iterator[str]:
    """Yield in words what could not be compared."""
    if there.refs is None:
        yield f"{context.repository.remote} did not say which tags it has"
    hidden = sorted(name for name, version in newest.items() if version == UNKNOWN)
    if hidden:
        yield f"what {index.name} has of {some(hidden)}{because(index.why)}"
