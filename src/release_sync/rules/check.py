"""All rules over a workspace, and the places of what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.rules import locks, mirrors, order, pins, sources, tags, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from release_sync.workspace.model import Fault, Workspace

RULES: tuple[Callable[[Workspace], Iterable[Fault]], ...] = (
    versions.invalid,
    versions.mismatches,
    mirrors.mismatches,
    pins.faults,
    order.cycles,
    order.private_needs,
    sources.missing,
    sources.overridden,
    sources.strangers,
    locks.stale,
    locks.incomplete,
)


def faults(workspace: Workspace, tag: str = "") -> list[Fault]:
    """Return what all rules found, but for those that the configuration ignores."""
    ignored = workspace.configuration.ignore
    found = [*workspace.problems, *(fault for rule in RULES for fault in rule(workspace))]
    found += tags.mismatch(workspace, tag)
    return [fault for fault in found if fault.code not in ignored]
