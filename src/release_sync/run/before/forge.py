"""The rules of the remote's forge, asked for before a release is planned, or finished."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Several, Waiting
from release_sync.forges.judgement import against, in_one_line, landing_of, notes
from release_sync.plan.forge import landing
from release_sync.run.release_state import ReleaseState
from release_sync.steps.way import Way, way_of

if TYPE_CHECKING:
    from release_sync.plan.facts import Facts, Position
    from release_sync.run.context import Context
    from release_sync.run.pending import Found


def with_forge(context: Context, facts: Facts, *, lands: bool) -> Facts:
    """Return the facts with what the forge tells; that of a silent remote is not asked.

    What this run does not land may do so in another way than is known now.
    """
    if facts.position.refs is None:
        return facts
    told = context.forge_rules(landing(facts).every)
    return replace(facts, forge=told, lands=lands)


def ask_before_finishing(
    context: Context, seen: Position, found: Found, land: str
) -> tuple[str, ...]:
    """Ask how a pending release will land, and return what to know before it is finished.

    Raises Waiting where the forge will refuse that, and nothing was sent yet. What has begun is
    finished all the same: the index should have it whole.
    """
    sealed, refs = found.sealed, seen.refs
    if refs is None:
        return ()
    is_new = f"refs/heads/{sealed.branch}" not in refs
    pending = context.names.pending(sealed.group)
    others = [(one.tag, context.names.pending(one.group)) for one in sealed.companions]
    would = landing_of(sealed.branch, sealed.tag, pending, is_new=is_new, others=others)
    wanted = Way(land or context.workspace.configuration.land)
    way = way_of(wanted, commits=sealed.candidate != sealed.base)
    how = Way.NONE.value if sealed.existing else way.value
    told = context.forge_rules(would.every)
    refused = tuple(against(told, would, how))
    if refused and found.state is ReleaseState.SEALED:
        still = f"{sealed.name} is pending, and "
        waiting = tuple(Waiting(still + one.message, hint=one.hint) for one in refused)
        raise waiting[0] if len(waiting) == 1 else Several(waiting)
    return (*map(in_one_line, refused), *notes(told, would, how))
