"""A key of ``[tool.release-sync]`` that is proposed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

Value: TypeAlias = str | tuple[str, ...] | tuple[Mapping[str, str], ...]


class Setting(NamedTuple):
    """A key of the table, its value, and where it was seen.

    ``groups.NAME.members`` and ``groups.NAME.pin`` are keys of a group, ``pins.OWNER.NAME`` is the
    policy of an edge. A value is a string, names, or the tables of an array.
    """

    key: str
    value: Value
    why: str

    @property
    def names(self) -> tuple[str, ...]:
        """The value where it is names; else nothing."""
        return tuple(one for one in self.value if isinstance(one, str) and self.value != one)


class Proposal(NamedTuple):
    """The settings that differ from the defaults, and what only the user can decide.

    ``strays`` are the names of the members that are at another version than their group, and that
    nothing says more about.
    """

    settings: tuple[Setting, ...]
    remarks: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
