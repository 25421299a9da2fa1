"""The files of one version, compared with what the release should have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from release_sync.audit.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packaging.version import Version

    from release_sync.audit.published import Audited, Kind, Project, Tagged

    Projects = Mapping[str, Project]


@dataclass(frozen=True, slots=True)
class Files:
    """What is there of a version: its ``word``, and in words what is not as it should be.

    ``has`` are the members of which anything is there, ``missing`` those of which nothing is, and
    ``lacking`` the kinds of files that a member's releases beside it have. ``unserved`` are files
    that the seal names, each with its member, ``foreign`` those that it does not name so.
    ``yanked`` are the members of which a file is.
    """

    word: Word
    has: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    lacking: tuple[tuple[str, Kind], ...] = ()
    unserved: tuple[tuple[str, str], ...] = ()
    foreign: tuple[str, ...] = ()
    yanked: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is wrong, a line each."""
        return tuple(_remarks(self))


def ever_published(group: Audited, projects: Projects) -> frozenset[str]:
    """Return the members of which something was ever published.

    One that is required by what is published counts as such: a first release may be half, too.
    """
    names = {
        one.name
        for name in group.every
        for said in projects[name].requires.values()
        for one in said or ()
    }
    required = set(map(canonicalize_name, names))
    return frozenset(name for name in group.every if projects[name].files or name in required)


def compare(
    group: Audited,
    version: Version,
    tagged: Tagged | None,
    projects: Projects,
    ever: frozenset[str],
) -> Files:
    """Return what is there of a version; where there is no tag, ``tagged`` is None.

    ``ever`` are the members of which something was ever published.
    """
    there = {name: one for name, one in projects.items() if version in one.files}
    has = tuple(sorted(there.keys() & group.every))
    missing = tuple(sorted(_expected(group, version, tagged, projects, ever) - {*has}))
    lacking = tuple((name, kind) for name in has for kind in _lacking(projects[name], version))
    served = {one.filename: one for name in has for one in projects[name].files[version]}
    sealed = {one.filename: one for one in tagged.artifacts} if tagged else {}
    foreign = sorted(
        name
        for name, one in served.items()
        if sealed and (name not in sealed or (one.sha256 and one.sha256 != sealed[name].sha256))
    )
    unserved = [(sealed[name].member, name) for name in sorted(sealed.keys() - served.keys())]
    yanked = tuple(name for name in has if any(one.is_yanked for one in there[name].files[version]))
    whole = [name for name in yanked if projects[name].is_yanked(version)]
    if not has:
        word = Word.UNPUBLISHED
    elif foreign:
        word = Word.FOREIGN
    elif len(whole) == len(has):
        word = Word.YANKED
    elif missing or lacking or unserved:
        word = Word.SPLIT
    elif yanked:
        word = Word.YANKED_IN_PART
    else:
        word = Word.WHOLE if tagged else Word.UNTAGGED
    return Files(word, has, missing, lacking, tuple(unserved), tuple(foreign), yanked)


def _expected(
    group: Audited,
    version: Version,
    tagged: Tagged | None,
    projects: Projects,
    ever: frozenset[str],
) -> frozenset[str]:
    """Return the members that a version should have: those of its tag that are ever published.

    Without a tag these are the members that have an earlier version, and are at HEAD, or have a
    later one.
    """
    if tagged is not None and tagged.artifacts:
        return frozenset(one.member for one in tagged.artifacts)
    if tagged is not None and tagged.members is not None:
        return ever & tagged.members
    return frozenset(
        name
        for name in ever
        if (known := projects[name].ordered)
        and known[0] <= version
        and (name in group.members or version <= known[-1])
    )


def _lacking(project: Project, version: Version) -> list[Kind]:
    """Return the kinds of files that the releases just before and just after have, and it has not.

    Farther ones prove nothing: many a project has begun to publish wheels, or has ended it.
    """
    beside = project.beside(version)
    if not beside:
        return []
    usual = frozenset.intersection(*map(project.kinds, beside))
    return sorted(usual - project.kinds(version), key=lambda kind: kind.value)


def _remarks(found: Files) -> Iterator[str]:
    if found.foreign:
        yield f"not as sealed: {', '.join(found.foreign)}"
    if not found.has:
        return
    if found.missing:
        yield f"only of {', '.join(found.has)}; nothing of {', '.join(found.missing)}"
    for name, kind in found.lacking:
        yield f"{name} has no {kind.value}"
    known = {*found.missing, *(name for name, _ in found.lacking)}
    unserved = [name for member, name in found.unserved if member not in known]
    if unserved:
        yield f"sealed, and not there: {', '.join(unserved)}"
    if found.yanked and found.word is not Word.YANKED:
        yield f"yanked: {', '.join(found.yanked)}"
