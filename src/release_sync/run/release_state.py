"""The state of a release, by the remote's refs and the refs of this repository."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from release_sync.seals.pending import State
from release_sync.steps.remote_state import has_landed, is_abandoned, over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.seals.pending import Pending
    from release_sync.seals.ref_names import RefNames
    from release_sync.steps.ports.git import Git


class ReleaseState(Enum):
    """The state of a release that is pending on the remote, or known in this repository."""

    FREE = "nothing is pending"
    RESERVED = "reserved: its artifacts are not sealed yet"
    SEALED = "sealed: nothing was uploaded, and it can be undone"
    UPLOADING = "its upload has begun: it can be finished, and not undone"
    LANDED = "it has landed"
    ABANDONED = "it was given up"
    DELETED = "its upload had begun here, and somebody deleted its ref on the remote"
    SUPERSEDED = "another release of this version has landed"
    ORPHANED = "it belongs to a release of several groups that is not pending on the remote"
    WITHDRAWN = "it was sealed here, and is not pending on the remote any more"


UNFINISHED = frozenset(
    {
        ReleaseState.RESERVED,
        ReleaseState.SEALED,
        ReleaseState.UPLOADING,
        ReleaseState.DELETED,
        ReleaseState.ORPHANED,
    }
)
"""What has to be finished or undone before another release of the group can begin."""

WAYS_OUT = {
    ReleaseState.RESERVED: "`release-sync abort`",
    ReleaseState.SEALED: "`release-sync abort`",
    ReleaseState.UPLOADING: "`release-sync abort --abandon`",
    ReleaseState.DELETED: "`release-sync abort --abandon`",
    ReleaseState.ORPHANED: "`release-sync abort --abandon`",
}
"""The command that ends a release which is not to be finished: only one that can succeed."""


def release_state(
    git: Git,
    names: RefNames,
    here: Pending | None,
    there: Pending | None,
    refs: Mapping[str, str],
) -> ReleaseState:
    """Return the state, by the remote's refs and those of this repository. No index is asked.

    A seal that names a primary group, and comes here, is not one of that group's release.
    """
    pending = there or here
    if pending is None:
        return ReleaseState.FREE
    sealed = pending.sealed
    begun = pending.state is State.UPLOADING
    if has_landed(names, sealed, refs):
        found = ReleaseState.LANDED
    elif is_abandoned(names, sealed, refs):
        found = ReleaseState.ABANDONED
    elif (begun or there is not None) and over(git, names, sealed, refs):
        found = ReleaseState.SUPERSEDED
    elif there is None:
        found = ReleaseState.DELETED if begun else ReleaseState.WITHDRAWN
    elif sealed.primary:
        found = ReleaseState.ORPHANED
    else:
        found = _STATES[there.state]
    return found


_STATES = {
    State.RESERVED: ReleaseState.RESERVED,
    State.SEALED: ReleaseState.SEALED,
    State.UPLOADING: ReleaseState.UPLOADING,
}
