"""What an index has of a project, and what git has of a group's releases, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.requirements import Requirement
    from packaging.version import Version

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


@dataclass(frozen=True, slots=True)
class Project:
    """All files of a project by version, and what each version requires.

    A version that is not in ``requires`` was not asked about; None is for what can't be read.
    """

    name: str
    files: Mapping[Version, tuple[PublishedFile, ...]] = field(default_factory=dict)
    requires: Mapping[Version, tuple[Requirement, ...] | None] = field(default_factory=dict)

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


@dataclass(frozen=True, slots=True)
class Audited:
    """A group: its ``members`` at HEAD, and its tags; ``pin`` is what its members should say."""

    name: str
    members: frozenset[str]
    tags: tuple[Tagged, ...] = ()
    pin: str = "exact"

    @property
    def every(self) -> frozenset[str]:
        """The members at HEAD, and those that a tag had."""
        return self.members.union(*(one.members for one in self.tags if one.members is not None))
