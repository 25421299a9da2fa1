"""The channel of a release, by its version: final, a pre-release, or a nightly."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from release_sync.plan.version import PRE_LEVELS, parsed, without_dev

if TYPE_CHECKING:
    from release_sync.plan.facts import Request


class Channel(IntEnum):
    """The channels: what is released in one is behind those that are released in it, or below."""

    FINAL = 0
    EARLY = 1
    NIGHTLY = 2


def channel_of(version: str) -> Channel:
    """Return the channel of a version (PEP 440); what is no version is a final one's."""
    one = parsed(version)
    if one is None or not one.is_prerelease:
        return Channel.FINAL
    return Channel.NIGHTLY if one.is_devrelease else Channel.EARLY


def channel_asked_for(request: Request, here: str) -> Channel:
    """Return the channel of what is asked for of one group, whose version is in the files."""
    if request.version is not None:
        return channel_of(request.version)
    if "dev" in request.levels:
        return Channel.NIGHTLY
    if {*request.levels} & PRE_LEVELS.keys():
        return Channel.EARLY
    now = parsed(here)
    return Channel.FINAL if request.levels or now is None else channel_of(str(without_dev(now)))
