"""What release tags show of an index: which members it has served, and which are strangers'."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

from release_sync.errors import Problem, Unanswered
from release_sync.plan.version import releases
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from release_sync.seals.pending import Pending
    from release_sync.steps.uploading.served import Served

TAGS = "refs/tags/"
LOOKED_AT = 10
"""How many tags are read at most, newest first: the first one names the members, as a rule."""


class Tags(Protocol):
    """A repository that can read a seal."""

    def read_pending(self, oid: str) -> Pending: ...  # noqa: D102 - see effects.git


def missing(answers: Mapping[str, Served]) -> set[str]:
    """Return the projects for which an index answers 404."""
    return {name for name, answer in answers.items() if answer.reply is Reply.NOT_FOUND}


def served_before(
    repository: Tags, tag: str, refs: Mapping[str, str], index: str, members: Collection[str]
) -> dict[str, str]:
    """Return which of some members an index has served before, each with the tag that says so.

    ``tag`` is what the tags of their group look like. A release tag that is a seal was landed:
    the index it names has served the artifacts it lists. Other tags say nothing; ``""`` stands for
    a tag that is not here, while the remote does not answer.
    """
    found: dict[str, str] = {}
    for _, ref in releases(tag, refs)[:LOOKED_AT]:
        if found.keys() >= set(members):
            break
        try:
            sealed = repository.read_pending(refs[ref]).sealed
        except Unanswered:
            return {**dict.fromkeys(members, ""), **found}
        except Problem:
            continue
        if sealed.index == index:
            said = {artifact.member for artifact in sealed.artifacts} & set(members)
            found = {**dict.fromkeys(said, ref.removeprefix(TAGS)), **found}
    return found


def strangers(
    repository: Tags, tag: str, refs: Mapping[str, str], answers: Mapping[str, Served]
) -> tuple[str, ...]:
    """Return the members that an index has releases of, while no release tag is of any of these.

    A tag that is a seal says which members it is of; any other may be of all of them. A seal counts
    whatever its tag looks like: a member may have been in another group.
    """
    refs_of = dict(releases(tag, refs))
    of_it = {*refs_of.values()}
    others = {ref: oid for ref, oid in refs.items() if ref not in of_it}
    named: dict[str, Collection[str] | None] = {}

    def is_of(ref: str, name: str) -> bool:
        if ref not in named and len(named) < LOOKED_AT:
            named[ref] = _named(repository, refs[ref])
        members = named.get(ref)
        return members is None or name in members

    return tuple(
        name
        for name, answer in sorted(answers.items())
        if answer.versions
        and not any(
            is_of(refs_of[one], name) for one in reversed(answer.versions) if one in refs_of
        )
        and not any(
            is_sealed(repository, others, name, one)
            for one in islice(reversed(answer.versions), LOOKED_AT)
        )
    )


def is_sealed(repository: Tags, refs: Mapping[str, str], member: str, version: str) -> bool:
    """Return whether a tag, whatever else is in its name, is a seal of a version of a member."""
    named = (oid for ref, oid in refs.items() if ref.endswith(version) and ref.startswith(TAGS))
    for oid in islice(named, LOOKED_AT):
        try:
            sealed = repository.read_pending(oid).sealed
        except Problem:
            continue
        if member in sealed.members and sealed.version_of(member) == version:
            return True
    return False


def _named(repository: Tags, oid: str) -> Collection[str] | None:
    """Return the members that a release tag names; None where it is no seal, or can't be read."""
    try:
        return repository.read_pending(oid).sealed.own.members
    except Problem:
        return None
