"""A group of a release: the version before, and the new one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupVersion:
    """A group that is released: its last version, the new one and its tag, and whom it has.

    ``passed_over`` are the tags of versions that were given up. ``left`` is the release that left
    the branch as it is now, nothing having been committed since; ``""`` for none.
    """

    group: str
    previous: str
    version: str
    tag: str
    members: tuple[str, ...]
    passed_over: tuple[str, ...] = ()
    left: str = ""
