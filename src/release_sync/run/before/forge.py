"""The rules of the remote's forge, asked for before a release is planned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.plan.forge import landing

if TYPE_CHECKING:
    from release_sync.plan.facts import Facts
    from release_sync.run.context import Context


def with_forge(context: Context, facts: Facts, *, lands: bool) -> Facts:
    """Return the facts with what the forge tells; that of a silent remote is not asked.

    What this run does not land may do so in another way than is known now.
    """
    if facts.position.refs is None:
        return facts
    told = context.forge_rules(landing(facts).every)
    return replace(facts, forge=told, lands=lands)
