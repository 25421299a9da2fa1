"""The audit of every release of a workspace, by its tags and by what the index serves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from release_sync.audit.judgement import Line, judge, never
from release_sync.audit.published import Kind
from release_sync.errors import Problem, Several, Unanswered, Unreadable
from release_sync.plan.amounts import counted, some
from release_sync.plan.version import latest, parsed
from release_sync.steps.observed import to_nobody
from release_sync.steps.uploading.served import Reply, because

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from packaging.requirements import Requirement
    from packaging.version import Version

    from release_sync.audit.published import Audited, Project, PublishedFile
    from release_sync.audit.repair import Place
    from release_sync.steps.observed import Report

SIDE_BY_SIDE = 8
"""How many questions are asked of the index at once."""


class Published(Protocol):
    """An index, as far as an audit asks it."""

    name: str
    place: Place

    def project(self, name: str) -> tuple[Reply, Project, str]: ...  # noqa: D102 - see effects.index.published
    def requirements(self, file: PublishedFile) -> tuple[Requirement, ...] | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class GroupAudit:
    """A line for each version of a group, the newest first; ``never`` was published at all."""

    group: str
    pin: str
    lines: tuple[Line, ...]
    never: tuple[str, ...] = ()


def audit(
    groups: Sequence[Audited],
    index: Published,
    only: str = "",
    begin: Mapping[str, Version] | None = None,
    report: Report = to_nobody,
) -> tuple[GroupAudit, ...]:
    """Judge every version of all groups, or of the one that is named.

    One page is asked for of each project, and then the metadata of one wheel of each version.
    ``begin`` are the versions from which on that is done. Raises Unanswered where a page could not
    be asked for: nothing is said of the others.
    """
    begin = begin or {}
    chosen = [one for one in groups if only in {"", one.name}]
    if not chosen:
        known = ", ".join(one.name for one in groups)
        raise Unreadable(f"there is no group {only!r}", hint=f"name one of: {known}")
    projects = _projects(groups, index, report)
    wheels = [
        (name, wheel)
        for group in chosen
        for name in sorted(group.every)
        for wheel in _wheels(projects[name], begin.get(group.name))
        if len(projects) > 1
    ]
    projects = _with_requirements(projects, wheels, index, report)
    return tuple(
        GroupAudit(
            one.name,
            one.pin,
            judge(one, projects, index.place, begin.get(one.name)),
            never(one, projects),
        )
        for one in chosen
    )


def since(text: str, patterns: Mapping[str, str]) -> dict[str, Version]:
    """Return the version from which on each group is audited: a version, or a tag of one of them.

    ``patterns`` are what the tags of each group look like. Raises Unreadable for anything else.
    """
    if not text:
        return {}
    plain = parsed(text)
    tagged = {
        name: parsed(latest(pattern, [f"refs/tags/{text}"])) for name, pattern in patterns.items()
    }
    found = {name: version or plain for name, version in tagged.items()}
    known = {name: version for name, version in found.items() if version is not None}
    if not known:
        raise Unreadable(
            f"{text!r} is neither a version nor a release tag", hint="write it like 1.3.0 or v1.3.0"
        )
    return known


def problem(audits: Sequence[GroupAudit], index: str) -> Problem | None:
    """Return what is wrong with what is published; where something is unknown, that, too."""
    lines = [line for one in audits for line in one.lines]
    wrong: dict[str, list[str]] = {}
    for line in lines:
        if line.is_wrong:
            wrong.setdefault(line.why, []).append(line.version)
    unread = [line.version for line in lines if line.required is None]
    unanswered = Unanswered(
        f"what {some(unread)} require could not be read from {index}",
        hint="try again; if it stays so, a wheel there is too large, or its metadata are damaged",
    )
    if not wrong:
        return unanswered if unread else None
    words = "; ".join(f"{len(of)} {why} ({some(of)})" for why, of in sorted(wrong.items()))
    number = sum(map(len, wrong.values()))
    found = Problem(
        f"{counted(number, 'version')} on {index} can't be relied on: {words}",
        hint="the ways to repair each are above; what they mean: docs/verifying.md",
    )
    return Several((found, unanswered)) if unread else found


def _projects(groups: Iterable[Audited], index: Published, report: Report) -> dict[str, Project]:
    """Ask for the page of each member. Raises Unanswered where one could not be asked for.

    A 404 is an answer of an empty index, too, but not where a seal says what was published.
    """
    names = sorted({name for group in groups for name in group.every})
    sealed = {one.member for group in groups for tag in group.tags for one in tag.artifacts}
    found, silent = {}, {}
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for number, (reply, project, why) in enumerate(pool.map(index.project, names), 1):
            report("read the pages", number, len(names), "packages")
            found[project.name] = project
            if reply is Reply.UNKNOWN or (reply is Reply.NOT_FOUND and project.name in sealed):
                silent[project.name] = why or "it answers 404"
    if silent:
        why = next(iter(silent.values()))
        raise Unanswered(
            f"{index.name} did not answer about {some(list(silent))}{because(why)}",
            hint="nothing is said of the others: try again when it answers",
        )
    return found


def _wheels(project: Project, since: Version | None) -> Iterator[PublishedFile]:
    """Yield a wheel of each version that an installer may choose: all of one say the same."""
    for version, files in project.files.items():
        wheels = [one for one in files if one.kind is Kind.WHEEL and not one.is_yanked]
        if wheels and (since is None or version >= since):
            yield min(wheels, key=lambda one: (not one.metadata_url, one.filename))


def _with_requirements(
    projects: dict[str, Project],
    wheels: Sequence[tuple[str, PublishedFile]],
    index: Published,
    report: Report,
) -> dict[str, Project]:
    """Return the projects, and what their wheels require."""
    found: dict[str, dict[Version, tuple[Requirement, ...] | None]] = {}
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        answers = pool.map(index.requirements, [wheel for _, wheel in wheels])
        for number, ((name, wheel), said) in enumerate(zip(wheels, answers, strict=True), 1):
            report("read what they require", number, len(wheels), "files")
            found.setdefault(name, {})[wheel.version] = said
    return {
        name: replace(project, requires=found.get(name, {})) for name, project in projects.items()
    }
