"""All that a step is handed to act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from release_sync.seals.ref_names import RefNames
from release_sync.steps.observed import to_nobody
from release_sync.steps.ports.beside import InTurn

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.errors import Problem
    from release_sync.steps.observed import Report
    from release_sync.steps.ports.beside import Beside
    from release_sync.steps.ports.git import Git
    from release_sync.steps.ports.index import Index
    from release_sync.steps.ports.scripts import Scripts
    from release_sync.steps.ports.staging import Staging
    from release_sync.steps.ports.workbench import Store, Workbench


class Clock(Protocol):
    """The time."""

    def now(self) -> float:
        """Return seconds since an arbitrary moment; it never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """All ports of a release: git, workbench, store, index, clock, staging and scripts.

    ``wait`` is the seconds that an index has to serve what it took. ``stop`` ends what other
    threads are at, when the release is interrupted: an upload, or the wait between two questions.
    ``beside`` begins what others can't see and need not wait for. ``as_problem`` translates what a
    machine raises that can't write; None for anything else. ``report`` is told how far the step is
    that is performed.
    """

    git: Git
    workbench: Workbench
    store: Store
    index: Index
    clock: Clock
    staging: Staging
    scripts: Scripts
    names: RefNames = field(default_factory=RefNames)
    wait: float = 300.0
    stop: Callable[[], None] = field(default=lambda: None)
    beside: Beside = InTurn
    as_problem: Callable[[BaseException], Problem | None] = field(default=lambda _: None)
    report: Report = field(default=to_nobody)
