"""Which versions of a program a release runs on, and which of them were tried."""

from __future__ import annotations

import re
from dataclasses import dataclass

from release_sync.errors import Problem


@dataclass(frozen=True, slots=True)
class Supported:
    """A range of versions of a program.

    ``lowest`` is the first that a release runs on, ``tried`` the newest that was tried, and
    ``asked`` the command that tells which is here.
    """

    program: str
    lowest: tuple[int, int]
    tried: tuple[int, int]
    asked: str

    @property
    def words(self) -> str:
        """The range, as ``0.8 to 0.13``."""
        return f"{_dotted(self.lowest)} to {_dotted(self.tried)}"

    def problem(self, said: str) -> Problem | None:
        """Return what is wrong with the version that a program says it has; None for nothing."""
        found = self._found(said)
        if found is None:
            hint = f"see what `{self.asked}` says"
            return Problem(f"{said!r:.100} names no version of {self.program}", hint=hint)
        if (int(found[2]), int(found[3])) >= self.lowest:
            return None
        needed = _dotted(self.lowest)
        return Problem(
            f"{self.program} is {found[1]}, and a release needs {needed} or later",
            hint=f"install {self.program} {needed} or later; see that `{self.asked}` names it",
        )

    def is_newer(self, said: str) -> bool:
        """Return whether a program is newer than any that was tried."""
        found = self._found(said)
        return found is not None and (int(found[2]), int(found[3])) > self.tried

    def _found(self, said: str) -> re.Match[str] | None:
        """Find the version: ``git version 2.39.5 (Apple Git-154)``, ``uv 0.13.9 (x86_64-…)``."""
        return re.search(rf"\b{self.program} (?:version )?((\d+)\.(\d+)\S*)", said)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
