"""What an interrupted run left, and how to go on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from release_sync.errors import Interrupted, Problem
from release_sync.seals.pending import State
from release_sync.steps.remote_state import over

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from release_sync.seals.pending import Pending
    from release_sync.steps.ports.world import World

RESUME = "run `release-sync resume` to finish it"
ENDS = {
    State.RESERVED: "`release-sync abort` to undo it",
    State.SEALED: "`release-sync abort` to undo it",
    State.UPLOADING: "`release-sync abort --abandon` to give the version up",
}
"""What ends it in each state; `abort` is named only where it can succeed."""
THEN = {
    True: "`release-sync prepare --artifacts DIR` seals what is built of it",
    False: "`release-sync resume` publishes it",
}
"""What comes behind a `prepare`, by whether it was of a candidate alone."""
SEALS = "run `release-sync prepare --artifacts DIR` to seal what was built of it"
HINTS = {
    state: f"{SEALS if state is State.RESERVED else RESUME}, or {ends}"
    for state, ends in ENDS.items()
}
"""What can be typed in each state."""


UNCHANGED = "nothing was changed"
"""What is left by who only read and asked."""


def left_behind(world: World, group: str, *, tag: str = "", stuck: bool = False) -> tuple[str, str]:
    """Return what is pending of a group, and what to type next.

    What is ``stuck`` is not to be resumed. Both are empty when nothing is pending. When the remote
    can't be asked, only what is known is claimed: the release of a ``tag``, which was pending when
    this began, or the one that is remembered here, may still be.
    """
    remembered = world.git.local_ref(world.names.here(group))
    refs = world.git.remote_refs()
    try:
        if refs is None:
            return _unasked(world, remembered, tag)
        value = refs.get(world.names.pending(group))
        if value is None:
            return _not_pending(world, remembered, refs)
        pending = world.git.read_pending(value)
    except Problem:
        return "a release may be pending", _STATUS
    holder = "" if value == remembered else f" ({pending.who} holds it)"
    hint = f"run {ENDS[pending.state]}" if stuck else HINTS[pending.state]
    return f"{pending.sealed.name} is pending{holder}", hint


def _unasked(world: World, remembered: str | None, tag: str) -> tuple[str, str]:
    if remembered is not None:
        tag = world.git.read_pending(remembered).sealed.tag
    if not tag:
        return "", ""
    return f"{tag} may be pending", f"{_STATUS} when the remote answers"


def _not_pending(world: World, remembered: str | None, refs: Mapping[str, str]) -> tuple[str, str]:
    """Return what became of a release that this repository remembers."""
    if remembered is None:
        return "", ""
    pending = world.git.read_pending(remembered)
    ended = over(world.git, world.names, pending.sealed, refs)
    if ended:
        return ended, "run `release-sync resume` to update this repository"
    if pending.state is State.UPLOADING:
        return f"{pending.sealed.name} was uploaded in part, perhaps", RESUME
    return f"{pending.sealed.name} is not pending", "run `release-sync publish` to begin again"


_STATUS = "run `release-sync status`"


@contextmanager
def leaving(left: str, hint: str = "") -> Iterator[None]:
    """Raise Interrupted, with what is left, when the user ends what is done here."""
    try:
        yield
    except KeyboardInterrupt as stop:
        raise Interrupted(left, hint, stop) from stop


def leaving_pending(pending: Pending) -> AbstractContextManager[None]:
    """Raise Interrupted, which says that a release is pending, when the user ends it here."""
    return leaving(f"{pending.sealed.name} is still pending", HINTS[pending.state])


@contextmanager
def leaving_behind(world: World, group: str, tag: str = "") -> Iterator[None]:
    """Raise Interrupted, with what is pending then, when the user ends what is done here.

    The release of a ``tag`` was when this began. Where nothing is, a note of the interruption
    (PEP 678) says what was done before it.
    """
    try:
        yield
    except KeyboardInterrupt as stop:
        world.stop()
        what, hint = left_behind(world, group, tag=tag)
        done = "; ".join(getattr(stop, "__notes__", ()))
        raise Interrupted(what or done or "nothing is pending", hint, stop) from stop
