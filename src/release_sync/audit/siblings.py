"""What an installer takes today for the siblings that published members require."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.specifiers import Specifier
from packaging.utils import canonicalize_name
from packaging.version import Version

from release_sync.audit.words import Sibling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    from release_sync.audit.published import Audited, Project


@dataclass(frozen=True, slots=True)
class Required:
    """A requirement of a published member on a sibling, and what an installer ``takes`` for it.

    ``takes`` is empty for nothing. ``requirement`` is as the metadata have it (PEP 508).
    """

    member: str
    sibling: str
    requirement: str
    state: Sibling
    takes: str = ""

    def words(self, version: str) -> str:
        """Return what that means for a version."""
        said = f"{self.member} requires {self.requirement}"
        match self.state:
            case Sibling.UNMET:
                return f"{said}, and nothing on the index is that"
            case Sibling.EXCLUDED:
                return f"{said}, which excludes {version}"
            case Sibling.DRIFTED:
                return f"{said}, and gets {self.takes}"
            case Sibling.OPEN:
                return f"{said}, which admits later ones"
            case _:
                return said


def required(
    group: Audited, version: Version, has: frozenset[str], projects: Mapping[str, Project]
) -> tuple[Required, ...] | None:
    """Return the requirements on siblings of what is published as a version, and not yanked.

    ``has`` are the members that the release should have. None where one's can't be read.
    """
    found: list[Required] = []
    for name in sorted(group.every):
        project = projects[name]
        if version not in project.files or project.is_yanked(version):
            continue
        said = project.requires.get(version, ())
        if said is None:
            return None
        found += _of_member(name, said, group, version, has, projects)
    return tuple(found)


def _of_member(
    name: str,
    said: tuple[Requirement, ...],
    group: Audited,
    version: Version,
    has: frozenset[str],
    projects: Mapping[str, Project],
) -> Iterator[Required]:
    for one in said:
        sibling = canonicalize_name(one.name)
        if sibling in projects and sibling != name:
            best = taken(one.specifier, projects[sibling])
            own = version if sibling in has else None
            state = _state(one.specifier, best, own, same=sibling in group.every)
            yield Required(name, sibling, str(one), state, "" if best is None else str(best))


def _state(said: SpecifierSet, best: Version | None, own: Version | None, *, same: bool) -> Sibling:
    """Return what a requirement comes to; ``own`` is the sibling's version in the same release.

    A sibling of another group has a version of its own, and only has to be there.
    """
    if own is not None and not said.contains(own, prereleases=True):
        return Sibling.EXCLUDED
    if best is None:
        return Sibling.UNMET
    if not same or is_pin(said):
        return Sibling.PINNED
    return Sibling.OPEN if best == own else Sibling.DRIFTED


def is_pin(said: SpecifierSet) -> bool:
    """Return whether a specifier admits one version only (``==1.0``, ``===1.0``)."""
    return any(map(_is_pin, _each(said)))


def _is_pin(one: Specifier) -> bool:
    return one.operator in {"==", "==="} and not one.version.endswith(".*")


def taken(said: SpecifierSet, project: Project) -> Version | None:
    """Return the greatest version that an installer takes for a specifier; None for none.

    Pre-releases count where there is nothing else (PEP 440), yanked ones for a pin (PEP 592).
    ``Requires-Python`` and markers are not looked at. Of thousands of versions few are compared.
    """
    pin = next(filter(_is_pin, _each(said)), None)
    if pin is not None:
        same = project.ordered if pin.operator == "===" else project.pinned(Version(pin.version))
        return max(said.filter(same), default=None)
    for early in sorted({bool(said.prereleases), True}):
        for one in reversed(project.ordered):
            if said.contains(one, prereleases=early) and not project.is_yanked(one):
                return one
    return None


def _each(said: SpecifierSet) -> Iterator[Specifier]:
    for one in said:
        if isinstance(one, Specifier):
            yield one
