"""What the members of each group say about their siblings: pins, ranges, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.setting import Setting
from release_sync.configuration.nested import POLICIES
from release_sync.rules.pins import policy
from release_sync.workspace.groups import DEFAULT
from release_sync.workspace.requirements import said_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Requirement, Workspace

FORMS = ("clauses", "either")
MOST = 3
"""So many requirements are named; of others only the number is said."""


class Said(NamedTuple):
    """The requirements on siblings of one group's members, by what they say."""

    pins: tuple[Requirement, ...] = ()
    ranges: tuple[Requirement, ...] = ()
    unpinnable: tuple[Requirement, ...] = ()

    @property
    def policy(self) -> str:
        """The strictest policy under which what is said is right, pins and ranges alike."""
        if self.unpinnable:
            return "any"
        return "compatible" if self.ranges else "exact"

    @property
    def why(self) -> str:
        """What was seen."""
        if self.unpinnable:
            return f"nothing can pin a version that is a tag's: {_edges(self.unpinnable)}"
        if self.pins:
            total = len(self.pins) + len(self.ranges)
            return f"{len(self.ranges)} of {total} are ranges, and no pins: {_edges(self.ranges)}"
        return "siblings are required with ranges, never exactly"


def policies(workspace: Workspace) -> Iterator[Setting]:
    """Propose the policy of each group, where it is not that of the workspace.

    ``workspace`` is the one that was read under the proposed groups. Requirements that are bare
    count for nothing where they can be pinned: that they should be is what the rules are for.
    """
    said = {group.name: _said(workspace, group.name) for group in workspace.groups}
    configured = {one.name for one in workspace.configuration.groups}
    free = [one for name, one in said.items() if name not in configured]
    choices = (said.get(DEFAULT, Said()), _whole(free), _whole([*said.values()]))
    whole = next((one for one in choices if any(one)), Said())
    if whole.policy != "exact":
        yield Setting("pin", whole.policy, whole.why)
    for name, own in said.items():
        if name in configured and own.policy != whole.policy and any(own):
            why = "siblings are pinned" if own.policy == "exact" else own.why
            yield Setting(f"groups.{name}.pin", own.policy, why)
        elif name not in configured and own is not whole and DEFAULT in said:
            yield from _edges_of(own, whole.policy)


def _edges_of(own: Said, whole: str) -> Iterator[Setting]:
    """Propose the policies of an independent member's requirements: it is no group of a table."""
    for found, policy_of in ((own.ranges, "compatible"), (own.unpinnable, "any")):
        for owner, name in dict.fromkeys((one.owner, one.name) for one in found):
            if POLICIES.index(policy_of) > POLICIES.index(whole):
                yield Setting(f"pins.{owner}.{name}", policy_of, "it goes by itself")


def _whole(said: list[Said]) -> Said:
    return Said(
        *(tuple(one for part in parts for one in part) for parts in zip(*said, strict=True))
    )


def _said(workspace: Workspace, group: str) -> Said:
    pins, ranges, unpinnable = [], [], []
    for member in map(workspace.member, workspace.group(group).members):
        for one in member.requirements:
            if policy(workspace, one) == "any":
                continue
            found = said_by(one)
            if found.pin is not None:
                pins.append(one)
            elif found.text and found.form in FORMS:
                ranges.append(one)
            elif workspace.member(one.name).dynamic and found.form in FORMS:
                unpinnable.append(one)
    return Said(tuple(pins), tuple(ranges), tuple(unpinnable))


def _edges(requirements: tuple[Requirement, ...]) -> str:
    names = dict.fromkeys(f"{one.owner} → {one.name}" for one in requirements)
    shown = list(names)[:MOST]
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return f"{', '.join(shown)}{more}"
