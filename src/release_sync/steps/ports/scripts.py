"""The port to the scripts and commands of the repository that are run at points of a release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.seals.artifact import Artifact


SCRIPT = ".py"
"""How the path of a script ends; anything else that is run is a command."""


@dataclass(frozen=True, slots=True)
class Script:
    """A command, or the path of a script and its arguments; ``trusted`` if `resume` may run it."""

    run: tuple[str, ...]
    trusted: bool = False

    @property
    def words(self) -> str:
        """What is run, as one line."""
        return " ".join(self.run).partition("\n")[0]


class Scripts(Protocol):
    """Runs what the repository brings, without credentials for an upload."""

    def run(
        self,
        script: Script,
        commit: str,
        about: Mapping[str, object],
        artifacts: Sequence[Artifact] = (),
    ) -> str:
        """Run a script in a copy of a commit, and return the last line that it printed.

        It reads ``about`` from its stdin, as JSON, with the folder of copies of the ``artifacts``
        as ``artifacts``. Nothing that it changes stays. Raises Problem where it can't be run, says
        no, takes too long or prints too much.
        """
        ...
