"""What an index has of a project, and what git has of a group's releases, as values."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.requirements import Requirement

    from release_sync.seals.artifact import Artifact


class Kind(Enum):
    """The kinds of files that a release is made of; an index may have others."""

    WHEEL = "wheel"
    SDIST = "sdist"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file as a project's page lists it (PEP 503, 592, 691 and 714).

    ``sha256`` is in hex, and empty where the page says none. ``metadata_url`` is where the core
    metadata of a wheel are by themselves; empty where the index does not serve them so.
    """

    filename: str
    kind: Kind
    version: Version
    url: str = ""
    metadata_url: str = ""
    sha256: str = ""
    is_yanked: bool = False


@dataclass(frozen=True)
class Project:
    """All files of a project by version, and what each version requires.

    There may be thousands: what is asked for each of them is kept.

    A version that is not in ``requires`` was not asked about; None is for what can't be read.
    """

    name: str
    files: Mapping[Version, tuple[PublishedFile, ...]] = field(default_factory=dict)
    requires: Mapping[Version, tuple[Requirement, ...] | None] = field(default_factory=dict)

    @cached_property
    def ordered(self) -> tuple[Version, ...]:
        """The versions that have files, the lowest first."""
        return tuple(sorted(self.files))

    @cached_property
    def _by_public(self) -> Mapping[Version, list[Version]]:
        found: dict[Version, list[Version]] = defaultdict(list)
        for one in self.ordered:
            found[Version(one.public)].append(one)
        return found

    def pinned(self, version: Version) -> list[Version]:
        """Return the versions that ``==`` and a version admit: local ones of it, too (PEP 440)."""
        return self._by_public.get(Version(version.public), [])

    def beside(self, version: Version) -> tuple[Version, ...]:
        """Return the version just before another one, and the one just after, if they are there."""
        before, after = bisect_left(self.ordered, version), bisect_right(self.ordered, version)
        return (*self.ordered[max(before - 1, 0) : before], *self.ordered[after : after + 1])

    def kinds(self, version: Version) -> frozenset[Kind]:
        """Return the kinds of files that a version has."""
        return frozenset(one.kind for one in self.files.get(version, ()))

    def is_yanked(self, version: Version) -> bool:
        """Return whether all files of a version are yanked, so that no installer chooses one."""
        return all(one.is_yanked for one in self.files.get(version, ()))


@dataclass(frozen=True, slots=True)
class Tagged:
    """A release tag: the ``members`` that its commit has, None where they can't be read there.

    ``artifacts`` are those that it names where it is a seal.
    """

    version: Version
    tag: str
    members: frozenset[str] | None = None
    artifacts: tuple[Artifact, ...] = ()


@dataclass(frozen=True)
class Audited:
    """A group: its ``members`` at HEAD, and its tags; ``pin`` is what its members should say."""

    name: str
    members: frozenset[str]
    tags: tuple[Tagged, ...] = ()
    pin: str = "exact"

    @cached_property
    def every(self) -> frozenset[str]:
        """The members at HEAD, and those that a tag had."""
        return self.members.union(*(one.members for one in self.tags if one.members is not None))
