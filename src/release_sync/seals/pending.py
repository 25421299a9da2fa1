"""A pending release: reserved, sealed, or being uploaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.seals.built_with import BuiltWith


class State(Enum):
    """The state of a pending release, by the pending ref."""

    RESERVED = "reserved"
    SEALED = "sealed"
    UPLOADING = "uploading"


class Strategy(Enum):
    """The ways in which a set comes to the index."""

    DIRECT = "direct"
    """Each file is uploaded to it."""
    STAGED = "staged"
    """The set is uploaded to an index that is made for it, tried, and promoted from there."""


MANY = 3
"""Of more groups than that, a release is called by its first tag and their number."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A group of a release of several: its version and tag, its members, the tag's object name."""

    group: str
    version: str
    tag: str
    members: tuple[str, ...]
    oid: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal, parsed: all that is needed to finish the release anywhere.

    ``oid`` names the tag object and ``candidate`` the release commit, both in hex. ``base`` is the
    commit that the release stands on, ``levels`` the members in the order in which they are
    uploaded (those of one level don't need each other). ``maker`` is the version of release-sync
    that made it, ``holder`` the tagger as git writes it, ``time`` when, in seconds since 1970.

    ``state`` is ``RESERVED`` as long as there are no artifacts. ``existing`` is the object name of
    a tag that was there before the release, which is not moved. In a release of several groups the
    first group by name is the primary one: its seal has the members and artifacts of all of them,
    and lists the others as ``companions``; theirs name it as ``primary``, and have their own
    members alone. ``environments`` are what the artifacts were built with. ``strategy``
    is how the artifacts come to the index, whoever finishes it. ``reserved`` is the object name of
    the reserved release that a seal took the place of: its artifacts were made elsewhere, and no
    clone builds them again.
    """

    oid: str
    candidate: str
    base: str
    group: str
    version: str
    tag: str
    branch: str
    index: str
    levels: tuple[tuple[str, ...], ...]
    artifacts: tuple[Artifact, ...]
    maker: str = ""
    holder: str = ""
    time: int = 0
    state: State = State.SEALED
    existing: str = ""
    companions: tuple[Companion, ...] = ()
    primary: str = ""
    environments: tuple[BuiltWith, ...] = ()
    strategy: Strategy = Strategy.DIRECT
    reserved: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        """Every member, in upload order."""
        return tuple(member for level in self.levels for member in level)

    def of(self, member: str) -> tuple[Artifact, ...]:
        """Return the artifacts of one member, the wheel before the sdist."""
        return tuple(
            sorted(
                (artifact for artifact in self.artifacts if artifact.member == member),
                key=lambda artifact: (not artifact.filename.endswith(".whl"), artifact.filename),
            )
        )

    @property
    def is_stamped(self) -> bool:
        """Return whether the commit is one on top of that of a tag that was there before."""
        return bool(self.existing) and self.candidate != self.base

    @property
    def in_upload_order(self) -> tuple[Artifact, ...]:
        """Every artifact, member by member."""
        return tuple(one for member in self.members for one in self.of(member))

    @property
    def groups(self) -> tuple[Companion, ...]:
        """Every group that is released, this one first."""
        others = {name for one in self.companions for name in one.members}
        own = tuple(sorted({*self.members} - others))
        return (Companion(self.group, self.version, self.tag, own, self.oid), *self.companions)

    @property
    def name(self) -> str:
        """The release in words: its tag, and those of the groups that are released with it."""
        others = [one.tag for one in self.companions]
        if len(others) > MANY:
            return f"{self.tag} with {len(others)} other groups"
        return f"{self.tag} with {enumeration(others)}" if others else self.tag

    def version_of(self, member: str) -> str:
        """Return the version that a member is released as: that of its group."""
        of_others = (one.version for one in self.companions if member in one.members)
        return next(of_others, self.version)

    def of_group(self, one: Companion) -> Sealed:
        """Return what the tag of one of the groups says: its own members, and what is of them."""
        levels = (tuple(name for name in level if name in one.members) for level in self.levels)
        return replace(
            self,
            oid=one.oid,
            group=one.group,
            version=one.version,
            tag=one.tag,
            levels=tuple(filter(None, levels)),
            artifacts=tuple(each for each in self.artifacts if each.member in one.members),
            companions=(),
            primary=self.primary if one.group == self.group else self.group,
        )

    @property
    def own(self) -> Sealed:
        """What is of the seal's own group alone."""
        return self.of_group(self.groups[0]) if self.companions else self


def enumeration(names: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, or ``a, b and c``."""
    *head, last = names
    return f"{', '.join(head)} and {last}" if head else last


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, parsed: the tag object on a seal by which one process states that it uploads.

    ``oid`` names it; a nonce in its message makes every claim another object. ``holder`` is the
    tagger as git writes it, ``host`` the machine, ``time`` when it was made, in seconds since 1970.
    """

    oid: str
    seal: str
    holder: str = ""
    host: str = ""
    time: int = 0

    @property
    def who(self) -> str:
        """Who holds it, and where."""
        return f"{self.holder or 'somebody'} on {self.host}" if self.host else self.holder


@dataclass(frozen=True, slots=True)
class Pending:
    """The object that a pending ref points to: a seal, or a claim on it."""

    sealed: Sealed
    claim: Claim | None = None

    @property
    def oid(self) -> str:
        """The value of the ref."""
        return self.sealed.oid if self.claim is None else self.claim.oid

    @property
    def state(self) -> State:
        """How far it has come."""
        return self.sealed.state if self.claim is None else State.UPLOADING

    @property
    def who(self) -> str:
        """Who made what the ref points to."""
        return (self.sealed.holder or "somebody") if self.claim is None else self.claim.who
