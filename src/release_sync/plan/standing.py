"""Where a release stands: a comparison of three refs, and nothing else."""

from __future__ import annotations

from enum import Enum


class Standing(Enum):
    """What ``publish`` finds before it begins, and ``resume`` before it goes on."""

    FREE = "nothing waits"
    OURS = "our release waits"
    HELD = "a release waits that was sealed elsewhere"
    LANDED = "our release has landed, and this repository has not taken note"
    STALE = "a seal is here that never reached the remote, or was withdrawn from elsewhere"
    OVER = "the same release has landed from elsewhere"


def stand(here: str | None, waiting: str | None, landed: str | None) -> Standing:
    """Compare the waiting ref here, the waiting ref on the remote, and the remote's tag.

    Each is an object name in hex, or None. ``landed`` is the tag that the seal here would become.
    """
    if waiting is not None:
        return Standing.OURS if waiting == here else Standing.HELD
    if here is None:
        return Standing.FREE
    return Standing.LANDED if landed == here else Standing.STALE
