"""Dying on purpose: ports that kill the process before or after the n-th effect.

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

    from release_sync.steps.world import World

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
        "merge",
        "close",
    ),
    "store": ("accept", "clear"),
    "index": ("upload",),
}
"""Every method of a port that changes something."""


class Fate:
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
        """Pass a boundary, or don't."""
        self.passed += 1
        with self.log.open("a", encoding="utf-8") as stream:
            stream.write(f"{name}\n")
        if self.passed == self.at:
            os.kill(os.getpid(), self.number)


class Mortal:
    """A port whose every effect is between two boundaries."""

    def __init__(self, port: object, name: str, fate: Fate) -> None:
        """Stand before a real port."""
        object.__setattr__(self, "_port", port)
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_fate", fate)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it stands for any port
        """Return the port's own attribute; an effect comes with its boundaries."""
        attribute = getattr(self._port, name)
        return self._between(name, attribute) if name in EFFECTS[self._name] else attribute

    def __setattr__(self, name: str, value: object) -> None:
        """Set it on the port."""
        setattr(self._port, name, value)

    def _between(self, name: str, effect: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: object, **options: object) -> object:
            self._fate.pass_by(f"before {self._name}.{name}")
            result = effect(*arguments, **options)
            self._fate.pass_by(f"after {self._name}.{name}")
            return result

        return act


def make_mortal(world: World, fate: Fate) -> World:
    """Return a world with boundaries around every effect."""
    ports = {name: Mortal(getattr(world, name), name, fate) for name in EFFECTS}
    return replace(world, **ports)  # type: ignore[arg-type] # each stands for its port
