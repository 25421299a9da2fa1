"""The facts that a release is planned from; gathered once, by ``run/surveying``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from release_sync.forges.rules import Told
from release_sync.plan.amounts import some
from release_sync.plan.group_version import GroupVersion
from release_sync.plan.situation import Situation
from release_sync.seals.pending import enumeration
from release_sync.seals.ref_names import RefNames

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from release_sync.errors import Problem
    from release_sync.plan.availability import Availability
    from release_sync.plan.isolation import Isolation
    from release_sync.seals.artifact import Expected
    from release_sync.steps.ports.workbench import Development
    from release_sync.toml.edits import FileEdit
    from release_sync.workspace.changelogs.kept import Kept
    from release_sync.workspace.model import Workspace


class Relation(Enum):
    """The relation of HEAD to its upstream."""

    SAME = "same"
    AHEAD = "ahead"
    BEHIND = "behind"
    DIVERGED = "diverged"
    NEW = "new"
    BEYOND = "beyond"
    """What is released is a commit of the upstream, wherever HEAD is."""
    UNKNOWN = "unknown"


class End(Enum):
    """How far a run goes."""

    RELEASED = "released"
    SEALED = "sealed"
    RESERVED = "reserved"
    """Its artifacts are made elsewhere."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; no ``levels`` and no ``version`` stand for the next version.

    ``others`` are the groups to be released beside the first one; with ``every``, all are, and with
    ``changed`` those that were, and whom their pins pull along. A level counts for each group, and
    a version for the only one, unless ``group_levels`` or ``group_versions`` have one for a group
    (its name, and that). ``land`` is the way of landing, empty for the configured one. To
    ``reproduce`` is to build everything twice, to ``pull`` to release what the branch has on the
    remote and not here; a run that ``asks`` asks about that, too. With a ``tag`` that exists
    already, or ``if_new``, a commit is released as it is: the tag's, or HEAD. To ``stamp`` is to
    write the tag's version into a commit beside the branch. ``end`` says how far the run goes.
    """

    group: str = ""
    levels: tuple[str, ...] = ()
    version: str | None = None
    index: str = ""
    land: str = ""
    reproduce: bool = False
    pull: bool = False
    asks: bool = True
    tag: str = ""
    if_new: bool = False
    stamp: bool = False
    end: End = End.RELEASED
    others: tuple[str, ...] = ()
    every: bool = False
    changed: bool = False
    group_levels: tuple[tuple[str, str], ...] = ()
    group_versions: tuple[tuple[str, str], ...] = ()

    @property
    def says_which(self) -> bool:
        """Whether a level or a version was asked for by name."""
        return bool(self.levels or self.version or self.group_levels or self.group_versions)

    def of(self, group: str) -> Request:
        """Return what was asked for of one group, as if it were the only one."""
        levels = tuple(level for name, level in self.group_levels if name == group)
        version = dict(self.group_versions).get(group)
        if not levels and version is None:
            levels, version = self.levels, self.version
        return replace(
            self,
            group=group,
            others=(),
            every=False,
            changed=False,
            levels=levels,
            version=version,
            group_levels=(),
            group_versions=(),
        )

    @property
    def as_it_is(self) -> bool:
        """Whether a commit says which version it is, and nothing comes to the branch."""
        return bool(self.tag) or self.if_new


@dataclass(frozen=True, slots=True)
class Position:
    """The position of the repository: commits in hex; ``branch`` is empty for a detached HEAD.

    ``target`` is the branch that a release from here leaves: HEAD's, where it is a configured one
    (see ``plan.branches``). ``upstream`` is its tip on the remote, or None. ``refs`` are all refs
    of the remote, or None when it could not be asked (``remote_problem`` says why). ``operation``
    is git's command of what waits to be continued, such as ``rebase``; empty for nothing.
    ``candidate`` is the commit that is released as it is, if one is, and ``existing`` the object
    name of its tag, where that was there before.
    """

    head: str
    branch: str
    dirty: tuple[str, ...]
    relation: Relation
    upstream: str | None
    refs: Mapping[str, str] | None
    tags: Mapping[str, str]
    remote_problem: Problem | None = None
    operation: str = ""
    candidate: str = ""
    existing: str = ""
    target: str = ""

    @property
    def is_on_target(self) -> bool:
        """Return whether HEAD is on the branch that releases leave."""
        return self.branch != "" and self.branch == self.target

    @property
    def base(self) -> str:
        """The parent of the release commit: HEAD, or the upstream's tip where HEAD is behind it.

        A commit that is released as it is has no other one.
        """
        if self.candidate:
            return self.candidate
        return self.upstream if self.relation is Relation.BEHIND and self.upstream else self.head


@dataclass(frozen=True, slots=True)
class Draft:
    """The edits of a release, and what the workspace is with them.

    ``edits`` are the changed files, ``expected`` the members in the order of their names,
    ``needs`` maps each to the released members that it requires at run time. ``locks`` stand beside
    an edited manifest, or are edited; ``changelogs`` has how those of each group are kept.
    """

    edits: tuple[FileEdit, ...]
    expected: tuple[Expected, ...]
    needs: Mapping[str, frozenset[str]]
    findings: tuple[str, ...]
    locks: tuple[str, ...] = ()
    changelogs: Mapping[str, Kept] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a plan is made of. ``maker`` is the version of release-sync.

    The ``group``, its versions and its tag are of the first group by name; what is released in the
    same act are the ``others``.
    ``served`` has what the index says of this version of each member, and ``served_before`` the tag
    that says so for each member that the index has served before and answers 404 for now. The index
    is ``pypi``'s own, or that for tests; who uploads is ``trusted`` as a job is (trusted
    publishing). ``strangers`` are the members that the index has releases of, and no release tag.
    ``passed_over`` are the tags of versions that were given up, ``left`` is the release that left
    the branch as it is now, ``development`` what follows this one there. ``strategy`` is how the
    set comes to the index.
    """

    request: Request
    position: Position
    base: str
    workspace: Workspace
    findings: tuple[str, ...]
    group: str
    previous: str
    version: str
    tag: str
    index: str
    draft: Draft
    isolation: Isolation
    names: RefNames = field(default_factory=RefNames)
    maker: str = ""
    served: Mapping[str, Availability] = field(default_factory=dict)
    served_before: Mapping[str, str] = field(default_factory=dict)
    pypi: bool = False
    trusted: bool = False
    strangers: tuple[str, ...] = ()
    more_problems: tuple[Problem, ...] = ()
    passed_over: tuple[str, ...] = ()
    left: str = ""
    strategy: str = "direct"
    situation: Situation = field(default_factory=Situation)
    forge: Told = field(default_factory=Told)
    lands: bool = True
    development: Development | None = None
    others: tuple[GroupVersion, ...] = ()

    @property
    def groups(self) -> tuple[GroupVersion, ...]:
        """Every group that is released, by name."""
        members = self.workspace.group(self.group).members
        names = (self.group, self.previous, self.version, self.tag)
        return (GroupVersion(*names, members, self.passed_over, self.left), *self.others)

    @property
    def versions(self) -> str:
        """The new versions, in words."""
        return enumeration(list(dict.fromkeys(one.version for one in self.groups)))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tag of each group."""
        return tuple(one.tag for one in self.groups)

    def version_of(self, member: str) -> str:
        """Return the version that a member is to have."""
        return next((one.version for one in self.others if member in one.members), self.version)

    def with_versions(self, members: Iterable[str]) -> str:
        """Return some members in words, behind the version that they are to have."""
        found: dict[str, list[str]] = {}
        for name in members:
            found.setdefault(self.version_of(name), []).append(name)
        said = [f"{version} of {some(names)}" for version, names in found.items()]
        return " and ".join(said)

    @property
    def silence(self) -> str:
        """Why the index did not answer, where it did not."""
        return next((one.why for one in self.situation.served.values() if one.why), "")

    def members(self, answer: Availability) -> list[str]:
        """Return the members for which the index gives an answer, in the order of their names."""
        return sorted(member for member, seen in self.served.items() if seen is answer)
