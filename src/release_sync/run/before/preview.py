"""What a release would do: finish what is pending, or make one; nothing is changed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.run.before.as_it_is import asked_for, released_before
from release_sync.run.before.unfinished import first
from release_sync.run.publishing import based, planned
from release_sync.run.release_state import UNFINISHED, ReleaseState
from release_sync.run.remaining import observed

if TYPE_CHECKING:
    from release_sync.errors import Problem
    from release_sync.plan.facts import Request
    from release_sync.plan.release import Release
    from release_sync.run.context import Context
    from release_sync.run.pending import Found
    from release_sync.steps.observed import Observed
    from release_sync.steps.step import Step


@dataclass(frozen=True, slots=True)
class Preview:
    """What `publish` would do: finish what was ``found``, or make a ``release``.

    ``seen`` has each step that may be left of what was found, and what the world says of it;
    ``against`` is why the release can't be begun; ``released`` says that it was already.
    """

    found: Found
    seen: tuple[tuple[Step, Observed], ...] = ()
    release: Release | None = None
    against: tuple[Problem, ...] = ()
    released: str = ""


def preview(context: Context, request: Request) -> Preview:
    """Return what `publish` would do, and change nothing. Raises Problem."""
    there, seen, request = asked_for(context, request)
    found = first(there, seen, request)
    if found.state in {ReleaseState.RESERVED, ReleaseState.ORPHANED}:
        return Preview(found)
    if found.state in UNFINISHED:
        return Preview(found, tuple(observed(there, seen, found)))
    if before := released_before(there, seen, request):
        return Preview(found, released=before)
    release, against = planned(based(context, there, seen), seen, request)
    return Preview(found, release=release, against=against)
