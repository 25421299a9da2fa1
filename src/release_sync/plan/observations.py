"""The state of the remote and the index before a release, in words for the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.plan.availability import Availability
from release_sync.plan.facts import Relation

if TYPE_CHECKING:
    from release_sync.plan.facts import Facts

_RELATIONS = {
    Relation.SAME: "{there} is where this clone is",
    Relation.AHEAD: "{there} is behind this clone",
    Relation.BEHIND: "{there} is ahead of this clone",
    Relation.DIVERGED: "{there} and this clone have diverged",
    Relation.NEW: "{there} does not exist yet",
    Relation.UNKNOWN: "{there} could not be asked for",
}


def observations(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Return a label and a sentence for each: what will be built, the remote, the index."""
    return (
        ("Artifacts", f"a wheel and an sdist of {', '.join(sorted(facts.served))}"),
        ("Remote", _remote(facts)),
        ("Index", _index(facts)),
    )


def _remote(facts: Facts) -> str:
    configuration = facts.workspace.configuration
    there = f"{configuration.remote}/{configuration.branch}"
    relation = _RELATIONS[facts.position.relation].format(there=there)
    if facts.position.refs is None:
        return relation
    tagged = f"refs/tags/{facts.tag}" in facts.position.refs
    return f"{relation}; {facts.tag} is {'there already' if tagged else 'not there'}"


def _index(facts: Facts) -> str:
    """Return the index's answers, with the members for each."""
    version = facts.version
    words = {
        Availability.UNLISTED: "does not have {version} of {names}",
        Availability.NO_PROJECT: "has no project {names} yet",
        Availability.TAKEN: "has {version} of {names}",
        Availability.UNKNOWN: "could not be asked for {version} of {names}",
    }
    found = [
        said.format(version=version, names=", ".join(names))
        for answer, said in words.items()
        if (names := facts.members(answer))
    ]
    return f"{facts.index} {'; '.join([*found, *_hidden(facts)])}"


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
