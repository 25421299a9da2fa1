"""What follows a release on its branch, tried before the release is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, with_causes
from release_sync.plan.amounts import counted, first
from release_sync.plan.channels.development import MOVES, comes_to_the_branch, development
from release_sync.plan.draft import draft
from release_sync.steps.way import Way

if TYPE_CHECKING:
    from release_sync.plan.facts import Facts
    from release_sync.run.context import Context
    from release_sync.steps.ports.workbench import Development


def with_development(context: Context, facts: Facts) -> Facts:
    """Return the facts with the development version that follows, and what is against it.

    Nothing follows what makes no commit on the branch.
    """
    way = Way(facts.request.land or facts.workspace.configuration.land)
    if way not in MOVES or not comes_to_the_branch(facts):
        return facts
    follows = development(facts.workspace, {one.group: one.version for one in facts.groups})
    if follows is None or facts.findings or facts.draft.findings:
        return replace(facts, development=follows)
    against = _problem(context, facts, follows)
    more = (*facts.more_problems, *((against,) if against else ()))
    return replace(facts, development=follows, more_problems=more)


def _problem(context: Context, facts: Facts, follows: Development) -> Problem | None:
    """Return why it can't follow: the guardrail, or uv, is against it."""
    versions = dict(follows.versions)
    found = draft(*context.source.edited(facts.base, versions), versions)
    if found.findings:
        many = counted(len(found.findings), "finding")
        sentence = f"at {follows.words}, which follows, the guardrail would find {many}"
        return Problem(
            with_causes(sentence, first(found.findings)),
            hint="widen the requirements that exclude a development version; or set"
            ' `after = "none"` in [tool.release-sync]',
        )
    if context.isolation.problem is not None:
        return None
    files = {edit.path: edit.after for edit in found.edits}
    return context.lock_problem(facts.base, files, found.locks)
