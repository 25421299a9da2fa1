"""Ports that kill the process on purpose, before or after the n-th effect.

This is how a rehearsal proves that a release survives a crash anywhere, with the real engine, the
real ports and a real SIGKILL.
"""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from release_sync.steps.ports.world import World

EFFECTS = {
    "git": ("set_local_ref", "push", "make_claim", "fetch", "fast_forward"),
    "workbench": (
        "open",
        "write",
        "commit",
        "build",
        "verify",
        "make_tag",
        "probe",
        "develop",
        "merge",
        "close",
    ),
    "store": ("accept", "take", "collect", "clear"),
    "index": ("upload",),
    "staging": ("make", "upload", "install", "promote", "delete"),
    "scripts": ("run",),
}
"""Every method of a port that changes something."""


class CrashPoint:
    """Counts boundaries, writes their names to a file, and ends the process at one of them.

    Boundary 1 is before the first effect, 2 after it, and so on; ``at`` 0 lets the process live.
    With ``signal.SIGSTOP`` as its ``number`` the process only sleeps, until somebody wakes it.
    """

    def __init__(self, log: Path, at: int, number: int = signal.SIGKILL) -> None:
        """Write names to ``log``, and die at boundary ``at``."""
        self.log = log
        self.at = at
        self.number = number
        self.passed = 0

    def pass_by(self, name: str) -> None:
        """Pass a boundary, or crash there."""
        self.passed += 1
        with self.log.open("a", encoding="utf-8") as stream:
            stream.write(f"{name}\n")
        if self.passed == self.at:
            os.kill(os.getpid(), self.number)


class CrashingPort:
    """A port whose every effect is between two boundaries."""

    def __init__(self, port: object, name: str, crash_point: CrashPoint) -> None:
        """Wrap a real port."""
        object.__setattr__(self, "_port", port)
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_crash_point", crash_point)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it stands for any port
        """Return the port's own attribute; an effect comes with its boundaries."""
        attribute = getattr(self._port, name)
        return self._between(name, attribute) if name in EFFECTS[self._name] else attribute

    def __setattr__(self, name: str, value: object) -> None:
        """Set it on the port."""
        setattr(self._port, name, value)

    def _between(self, name: str, effect: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: object, **options: object) -> object:
            self._crash_point.pass_by(f"before {self._name}.{name}")
            result = effect(*arguments, **options)
            self._crash_point.pass_by(f"after {self._name}.{name}")
            return result

        return act


def with_crash_points(world: World, crash_point: CrashPoint) -> World:
    """Return a world with boundaries around every effect."""
    ports = {name: CrashingPort(getattr(world, name), name, crash_point) for name in EFFECTS}
    return replace(world, **ports)  # type: ignore[arg-type] # each stands for its port
