"""What the rules of the remote's forge mean for a release: reasons against it, and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.forges.judgement import Landing, against, in_one_line, landing_of, notes
from release_sync.plan.channels.development import comes_to_the_branch
from release_sync.plan.facts import Relation
from release_sync.steps.way import Way, way_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.errors import Problem
    from release_sync.plan.facts import Facts


def landing(facts: Facts) -> Landing:
    """Return what the ways of landing a release would change on the remote."""
    branch, pending = facts.position.target, facts.names.pending(facts.group)
    is_new = facts.position.upstream is None
    ahead = facts.position.relation in {Relation.AHEAD, Relation.NEW}
    others = [(one.tag, facts.names.pending(one.group)) for one in facts.others]
    return landing_of(branch, facts.tag, pending, is_new=is_new, ahead=ahead, others=others)


def forge_problems(facts: Facts) -> Iterator[Problem]:
    """Yield why the remote's forge will refuse the release that this run lands."""
    if facts.lands:
        yield from against(facts.forge, landing(facts), _way(facts))


def forge_notes(facts: Facts) -> Iterator[str]:
    """Yield what the forge may refuse, and what it did not tell.

    Of a release that is only sealed now, what it will refuse is a note, too: how it lands is said
    when it is resumed.
    """
    if not facts.lands:
        yield from map(in_one_line, against(facts.forge, landing(facts), _way(facts)))
    yield from notes(facts.forge, landing(facts), _way(facts))


def _way(facts: Facts) -> str:
    """Return the way in which it lands; one of a tag that exists makes neither branch nor tag."""
    if facts.request.tag:
        return Way.NONE.value
    wanted = Way(facts.request.land or facts.workspace.configuration.land)
    return way_of(wanted, commits=comes_to_the_branch(facts)).value
