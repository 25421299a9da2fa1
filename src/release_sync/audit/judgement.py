"""The judgement of an audit: a line for each version of a group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.audit.files import Files, compare, ever_published
from release_sync.audit.repair import Place, Way, repair
from release_sync.audit.siblings import Required, required
from release_sync.audit.words import WRONG, Sibling, Word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.version import Version

    from release_sync.audit.published import Audited, Project


@dataclass(frozen=True, slots=True)
class Line:
    """One version: its files, its requirements on siblings (None: unknown), and its repair.

    ``tag`` is empty where there is none. ``is_strict`` is whether its members should have pinned
    their siblings: then a requirement that has drifted is wrong, and else what was chosen.
    """

    version: str
    tag: str
    files: Files
    required: tuple[Required, ...] | None = ()
    repair: tuple[Way, ...] = ()
    is_strict: bool = True

    @property
    def word(self) -> Word:
        """What the version is."""
        return self.files.word

    @property
    def state(self) -> Sibling | None:
        """The worst of its requirements on siblings; None where there is none, or nobody knows."""
        found = {one.state for one in self.required or ()}
        return next((one for one in Sibling if one in found), None)

    @property
    def resolves(self) -> bool | None:
        """Whether all requirements on siblings can be met today; None where nobody can know."""
        known = self.required is not None and bool(self.files.has)
        return self.state is not Sibling.UNMET if known else None

    @property
    def is_wrong(self) -> bool:
        """Return whether an installer can meet something wrong in it."""
        wrong = {Sibling.UNMET, Sibling.EXCLUDED} | ({Sibling.DRIFTED} if self.is_strict else set())
        return self.word in WRONG or self.state in wrong

    @property
    def why(self) -> str:
        """The word for what is wrong in it, where something is."""
        state = self.state
        return self.word.value if self.word in WRONG or state is None else state.value

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is not as it should be, a line each."""
        shown = {Sibling.UNMET, Sibling.EXCLUDED, Sibling.DRIFTED}
        said = [one.words(self.version) for one in self.required or () if one.state in shown]
        return (*self.files.remarks, *said)


def versions(group: Audited, projects: Mapping[str, Project]) -> list[Version]:
    """Return the versions of a group, by its tags and by what the index has, the newest first."""
    found = {one.version for one in group.tags}
    return sorted(found.union(*(projects[name].files for name in group.every)), reverse=True)


def judge(
    group: Audited, projects: Mapping[str, Project], place: Place, since: Version | None = None
) -> tuple[Line, ...]:
    """Return a line for each version of a group from ``since`` on, the newest first.

    ``projects`` are those of all groups, also of members that are at HEAD no more.
    """
    tags = {one.version: one for one in group.tags}
    ever = ever_published(group, projects)
    lines = []
    for number, version in enumerate(versions(group, projects)):
        if since is not None and version < since:
            break
        tagged = tags.get(version)
        files = compare(group, version, tagged, projects, ever)
        said = required(group, version, frozenset({*files.has, *files.missing}), projects)
        tag = tagged.tag if tagged else ""
        line = Line(str(version), tag, files, said, is_strict=group.pin == "exact")
        if line.is_wrong:
            ways = repair(line.version, tag, place, files, said or (), newest=not number)
            line = replace(line, repair=ways)
        lines.append(line)
    return tuple(lines)


def never(group: Audited, projects: Mapping[str, Project]) -> tuple[str, ...]:
    """Return the members at HEAD of which the index has nothing at all."""
    return tuple(sorted(name for name in group.members if not projects[name].files))
