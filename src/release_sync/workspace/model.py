"""What a workspace says, as values.

They are named tuples: frozen, compared and printed for free, and made a thousand at a time in the
hook, where importing ``dataclasses`` alone would take longer than the interpreter's start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.configuration.refs import with_version
from release_sync.standards.versions import is_greater, is_same, is_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.configuration.table import Configuration
    from release_sync.toml.location import Location
    from release_sync.toml.manifest import Manifest


class Requirement(NamedTuple):
    """An internal requirement: one member's need of another.

    ``owner`` and ``name`` are normalised (PEP 503), ``text`` is as written (PEP 508). ``table`` is
    such as ``project.dependencies``; ``extra`` names the extra or the group. ``use`` is
    ``runtime``, ``development`` or ``other``. ``form`` is how the specifier is written:
    ``pep508``; ``template`` where a build hook fills in ``{{ version }}``; or ``poetry``: only the
    constraint, for there the name is the key.
    """

    owner: str
    name: str
    text: str
    table: str
    extra: str
    place: Location
    use: str = "other"
    form: str = "pep508"

    @property
    def is_runtime(self) -> bool:
        """Return whether a release has to keep the order: for extras and groups it need not."""
        return self.use == "runtime"

    @property
    def is_development(self) -> bool:
        """Return whether nobody installs from its table, so that it may be bare there."""
        return self.use == "development"


class Mirror(NamedTuple):
    """Another place that repeats a version. ``pattern`` is empty for a module's literal."""

    text: str
    place: Location
    pattern: str = ""


class Member(NamedTuple):
    """One package of the workspace.

    ``name`` is normalised, ``display`` as written. ``folder`` is ``""`` for the root. ``version``
    is None when it can't be known: then it is ``dynamic`` (the tag is the version), or a problem
    was noted; what is dynamic has the version of its latest tag, where one is known. ``tag`` is the
    pattern of tags of its own. ``group`` is the name of the group whose version it shares, ``""``
    for a private member that no group names; an independent member is a group of its own, named
    after it. ``sources`` are the names that the manifest itself takes from the workspace (uv), each
    with its place; ``elsewhere`` those that it takes from a path, an index or another repository.
    """

    name: str
    display: str
    folder: str
    manifest: str
    version: str | None
    version_place: Location | None
    dynamic: bool = False
    tag: str = ""
    private: bool = False
    group: str = ""
    requirements: tuple[Requirement, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    sources: Mapping[str, Location] = {}
    elsewhere: Mapping[str, Location] = {}


class VirtualRoot(NamedTuple):
    """The root where it is no package (uv's word): it requires members, and has no name itself."""

    requirements: tuple[Requirement, ...]
    sources: Mapping[str, Location] = {}
    elsewhere: Mapping[str, Location] = {}
    name: str = ""
    folder: str = ""


class Group(NamedTuple):
    """Members that share a version: ``version`` is the one that all of them should have.

    That is the majority's; for a tie the root's; else the greatest. It is ``""`` when no version
    is known, or it is that of tags. ``pin`` is the policy for what its members require, and ``tag``
    the pattern of its own tags, ``""`` where the configuration's holds. ``members`` are released;
    ``private`` ones go along, and don't say what the version is unless they are all there are.
    """

    name: str
    members: tuple[str, ...]
    version: str
    pin: str = "exact"
    private: tuple[str, ...] = ()
    tag: str = ""

    @property
    def every(self) -> tuple[str, ...]:
        """All of them: a release moves their versions, and uploads the ``members``."""
        return (*self.members, *self.private)


class Fault(NamedTuple):
    """What a rule holds against a place; a finding is a fault with its line and column."""

    code: str
    place: Location
    message: str
    member: str = ""
    expected: str = ""
    found: str = ""


class Locked(NamedTuple):
    """A member's entry in ``uv.lock``; the place is that of the version, or of the entry.

    ``requires`` are the names that the entry has for the member's requirements, of every kind.
    """

    name: str
    version: str | None
    place: Location
    requires: frozenset[str] = frozenset()


class Lock(NamedTuple):
    """The part of a ``uv.lock`` that speaks of local packages; ``members`` are those it calls so.

    uv lists no members where the root is the only one: then that is the one in ``members``. The
    lock of a uv workspace is at its root (``folder`` is ``""``); without one, each package may have
    a lock of its own, in its folder. ``requires`` are the names that it has for the groups of a
    root that is no package. It ``says_requirements`` unless uv was too old for that, or somebody
    cut it down, or nothing is required at all.
    """

    path: str
    folder: str
    packages: tuple[Locked, ...]
    members: tuple[str, ...]
    requires: frozenset[str] = frozenset()
    says_requirements: bool = False

    @property
    def manifest(self) -> str:
        """The manifest beside it."""
        return f"{self.folder}/pyproject.toml" if self.folder else "pyproject.toml"


class Workspace(NamedTuple):
    """Everything that the rules look at. ``manifest`` is the root's.

    ``submodules`` are the folders of other repositories, whose packages are no members.
    ``virtual_root`` is the root when it is no package. ``has_all_tags`` is whether a tag that was
    not found is not there. ``locked_needs`` are the names of all that uv locks for each member, and
    under ``""`` for such a root; nothing where there is no lock.
    """

    members: tuple[Member, ...]
    groups: tuple[Group, ...]
    configuration: Configuration
    uv: bool
    locks: tuple[Lock, ...]
    manifest: Manifest
    problems: tuple[Fault, ...]
    by_name: Mapping[str, Member]
    group_by_name: Mapping[str, Group]
    submodules: tuple[str, ...] = ()
    virtual_root: VirtualRoot | None = None
    has_all_tags: bool = True
    locked_needs: Mapping[str, frozenset[str]] = {}

    @property
    def owners(self) -> tuple[Member | VirtualRoot, ...]:
        """Everything that requires members: the members, and a root that is none."""
        return self.members if self.virtual_root is None else (*self.members, self.virtual_root)

    @property
    def locked(self) -> tuple[Locked, ...]:
        """The local packages of all locks."""
        return tuple(one for lock in self.locks for one in lock.packages)

    def member(self, name: str) -> Member:
        """Return the member of that normalised name. Raises KeyError."""
        return self.by_name[name]

    def group(self, name: str) -> Group:
        """Return the group of that name. Raises KeyError."""
        return self.group_by_name[name]

    def tag(self, group: str, version: str = "{version}") -> str:
        """Return the tag of a version of a group; without a version, the pattern of all its tags.

        Where there are several groups and the configured tag does not tell them apart, every group
        but ``default`` puts its name before it: ``mcp-v1.0``. A group with a tag of its own, or
        whose members are built from tags of their own, has these.
        """
        own = self.group(group).tag if group in self.group_by_name else ""
        pattern = own or self.configuration.tag
        several = not own and sum(bool(one.members) for one in self.groups) > 1
        ambiguous = several and "{group}" not in pattern and group != "default"
        prefix = f"{group}-" if ambiguous else ""
        return with_version(prefix + pattern.replace("{group}", group), version)

    def expected(self, name: str) -> str | None:
        """Return the version that a member should have; None when its own can't be known.

        That is its group's; but its own where that stays: above its group's, for no version is
        lowered unasked, or where the rule that would change it is ignored.
        """
        member = self.by_name[name]
        if not member.group or member.dynamic or member.version is None:
            return member.version
        version = self.group(member.group).version
        if member.version == version:
            return version
        stays = self._stays(member, version) or self.is_above(member)
        return member.version if stays else version

    def is_above(self, member: Member) -> bool:
        """Return whether it is above its group's version: only a user can say which is to move."""
        own = member.version or ""
        if member.dynamic or not member.group or "RS101" in self.configuration.ignore:
            return False
        version = self.group(member.group).version
        return bool(version) and own != version and is_version(own) and is_greater(own, version)

    def _stays(self, member: Member, version: str) -> bool:
        own = member.version or ""
        if not version:
            return True
        if not is_version(own):
            return "RS003" in self.configuration.ignore
        return "RS101" in self.configuration.ignore and not is_same(own, version)
