"""The situation before a release in words: what the plan says, and the question rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.plan.amounts import SHOWN, counted, some
from release_sync.plan.availability import Availability
from release_sync.plan.changelogs.notes import asked_levels
from release_sync.plan.facts import End, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.plan.facts import Facts
    from release_sync.plan.situation import Changes, Since

_RELATIONS = {
    Relation.SAME: "is where this clone is",
    Relation.AHEAD: "lacks {ahead} of this clone (pushed first)",
    Relation.BEHIND: "has {behind} that this clone lacks",
    Relation.DIVERGED: "has {behind} that this clone lacks, and lacks {ahead} of it",
    Relation.NEW: "does not exist yet",
    Relation.BEYOND: "has the commit that is released",
    Relation.UNKNOWN: "could not be asked for",
}


def observations(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Return a label and a sentence for each: what is built of what, the remote, the index."""
    asked = asked_levels(facts)
    return (
        *((("Level", asked),) if asked else ()),
        *_ran(facts),
        ("Artifacts", f"{_artifacts(facts)} of {', '.join(sorted(facts.served))}"),
        *_here(facts),
        ("Remote", _remote(facts)),
        ("Changed", _changed(facts)),
        ("Index", _index(facts)),
    )


def _ran(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what the workspace has had run for the plan."""
    steps = facts.workspace.configuration.steps
    edits = steps.after_bump if facts.draft.edits else ()
    points = {"before-plan": steps.before_plan, "after-bump": edits}
    said = [f"{' '.join(one.run)} ({at})" for at, some in points.items() for one in some]
    if said:
        yield "Ran", ", ".join(said)


def _artifacts(facts: Facts) -> str:
    if facts.request.end is End.RESERVED:
        return "nothing is built here, but elsewhere,"
    return "a wheel and an sdist"


def _here(facts: Facts) -> Iterator[tuple[str, str]]:
    here = facts.situation.here
    if here is not None:
        given = facts.request.tag or "HEAD" if facts.position.candidate else ""
        yield "Here", f"{given or facts.position.branch or 'HEAD'} at {here}"


def _remote(facts: Facts) -> str:
    configuration, found = facts.workspace.configuration, facts.situation
    relation = _RELATIONS[facts.position.relation].format(
        ahead=counted(len(found.ahead), "commit"), behind=counted(len(found.behind), "commit")
    )
    at = f" at {found.there}" if found.there is not None and found.there != found.here else ""
    said = f"{configuration.remote}/{facts.position.target}{at} {relation}"
    if facts.position.refs is None:
        return said
    there = [tag for tag in facts.tags if f"refs/tags/{tag}" in facts.position.refs]
    new = [tag for tag in facts.tags if tag not in there]
    told = [f"{tag} is there already" for tag in there]
    if len(new) > SHOWN:
        return "; ".join([said, *told, f"{some(new)} are not there"])
    return "; ".join([said, *told, *(f"{tag} is not there" for tag in new)])


def _changed(facts: Facts) -> str:
    """Return what was done in each member, group by group."""
    since = facts.situation.since
    if len(since) == 1:
        return since_in_words(since[0])
    alike: dict[str, list[str]] = {}
    for one in since:
        still = one.changes and not any(change.commits for change in one.changes.values())
        words = "nothing since its release" if still else since_in_words(one)
        alike.setdefault(words, []).append(one.group)
    return "; ".join(f"{some(groups)}: {words}" for words, groups in alike.items())


def since_in_words(found: Since) -> str:
    """Return what was done in a group, those members with the most commits first."""
    if found.hidden:
        return f"not known: {found.hidden}"
    if found.changes is None:
        return "everything is new: no release tag lies behind it"
    most = sorted(found.changes.items(), key=lambda one: (-one[1].commits, one[0]))
    touched = [f"{name} by {_extent(changes)}" for name, changes in most if changes.commits]
    still = [name for name, changes in most if not changes.commits]
    parts = [", ".join(touched)] if touched else []
    parts += [f"nothing in {', '.join(still)}"] if still else []
    return f"since {found.tag}: {'; '.join(parts)}"


def _extent(changes: Changes) -> str:
    return f"{counted(changes.commits, 'commit')} ({counted(changes.files, 'file')})"


def _index(facts: Facts) -> str:
    """Return the index's answers, with the members for each."""
    words = {
        Availability.UNLISTED: "does not have {version} of {names}",
        Availability.NO_PROJECT: "has no project {names} yet",
        Availability.EMPTY: "lists {version} of {names} without a file",
        Availability.TAKEN: "has {version} of {names}",
        Availability.UNKNOWN: "could not be asked for {version} of {names}",
    }
    found = [
        said.format(version=version, names=_with_newest(facts, names))
        for answer, said in words.items()
        for version, names in _by_version(facts, answer).items()
    ]
    return f"{facts.index} {'; '.join([*found, *_hidden(facts), *_statuses(facts)])}"


def _by_version(facts: Facts, answer: Availability) -> dict[str, list[str]]:
    """Return the members for which the index gave an answer, by the version that they get."""
    found: dict[str, list[str]] = {}
    given = {*facts.members(answer)}
    for one in facts.groups:
        of_it = [name for name in one.members if name in given]
        if of_it:
            found.setdefault(one.version, []).extend(of_it)
    return found


def _statuses(facts: Facts) -> list[str]:
    """Return the members whose projects are not active there (PEP 792)."""
    served = sorted(facts.situation.served.items())
    found = [(name, one.status) for name, one in served if one.status not in {"", "active"}]
    return [f"says that {name} is {status}" for name, status in found]


def _with_newest(facts: Facts, names: Sequence[str]) -> str:
    """Return some members, and behind those of one newest version on the index, which that is."""
    newest: dict[str, list[str]] = {}
    for name in names:
        served = facts.situation.served.get(name)
        newest.setdefault(served.versions[-1] if served and served.versions else "", []).append(
            name
        )
    return ", ".join(
        f"{', '.join(of_it)} (newest there: {version})" if version else ", ".join(of_it)
        for version, of_it in newest.items()
    )


def _hidden(facts: Facts) -> list[str]:
    """Return the members for which a 404 proves nothing, with the tag that shows it."""
    found: dict[str, list[str]] = {}
    for name in facts.members(Availability.HIDDEN):
        tag = facts.served_before[name]
        since = f", which it has served before ({tag})" if tag else ""
        found.setdefault(since, []).append(name)
    return [
        f"answers 404 for {', '.join(names)}{since}: it can't be said what is there"
        for since, names in found.items()
    ]
