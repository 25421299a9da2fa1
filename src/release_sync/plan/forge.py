"""What the rules of the remote's forge mean for a release: reasons against it, and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.forges.judgement import Landing, against, landing_of, notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.errors import Problem
    from release_sync.plan.facts import Facts, Position
    from release_sync.seals.ref_names import RefNames


def landing(names: RefNames, group: str, seen: Position, tag: str) -> Landing:
    """Return what the ways of landing a release would change on the remote."""
    return landing_of(seen.target, tag, names.pending(group), is_new=seen.upstream is None)


def forge_problems(facts: Facts) -> Iterator[Problem]:
    """Yield why the remote's forge will refuse the release."""
    return against(facts.forge, _landing(facts), _way(facts))


def forge_notes(facts: Facts) -> Iterator[str]:
    """Yield what the forge may refuse, and what it did not tell."""
    return notes(facts.forge, _landing(facts), _way(facts))


def _landing(facts: Facts) -> Landing:
    return landing(facts.names, facts.group, facts.position, facts.tag)


def _way(facts: Facts) -> str:
    return facts.request.land or facts.workspace.configuration.land
