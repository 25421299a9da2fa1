"""The build environments of a release: one for each set of build requirements."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from release_sync.backends.all_backends import version_variables
from release_sync.effects.build.environment import BuildEnvironment
from release_sync.effects.build.source_trees import SourceTree
from release_sync.effects.isolation.hidden import without_agents
from release_sync.effects.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.effects.build.project import Project, Sources
    from release_sync.effects.uv.commands import Uv

SAME_EVERYWHERE = {
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
}
"""What of an environment would change what is built (reproducible-builds.org, "Documentation")."""


class Environments:
    """Makes each environment when it is asked for first, and says what its builds are told."""

    def __init__(self, uv: Uv, sources: Sources, version: str) -> None:
        """Make them below the folder of the sources.

        ``version`` is what all members will have: backends that ask version control are told, for
        the tag does not exist yet.
        """
        self.uv = uv
        self.sources = sources
        self.told = {
            "SOURCE_DATE_EPOCH": str(sources.epoch),
            **SAME_EVERYWHERE,
            **dict.fromkeys(version_variables(), version),
        }
        self._lock = threading.Lock()
        self._made: dict[tuple[object, ...], BuildEnvironment] = {}

    def environment(self, project: Project, requires: Sequence[str]) -> BuildEnvironment:
        """Return the environment for a project; it is made when it is asked for first."""
        key = (*sorted(requires), project.siblings, project.python)
        with self._lock:
            if key not in self._made:
                folder = self.sources.folder / f"environment-{len(self._made)}"
                made = BuildEnvironment(folder, self.uv.isolation)
                self.uv.make_environment(made.environment, project.python)
                self._install(made, requires, project.siblings)
                self._made[key] = made
            return self._made[key]

    def _install(
        self, made: BuildEnvironment, requires: Sequence[str], siblings: Sequence[str]
    ) -> None:
        wanted = list(requires)
        if siblings:
            SourceTree(self.sources.tree, made.siblings)
            wanted += [str(made.siblings / folder) for folder in siblings]
        self.uv.install(made.environment, wanted, self.sources.workspace, writes=made.folder)

    def environ(self, environment: BuildEnvironment) -> dict[str, str]:
        """Return the environment variables of a build: no access to an index is among them."""
        path = self.uv.environ.get("PATH", os.defpath)
        inside = environment.inside(environment.environment)
        environ = {
            **without_agents(without_secrets(self.uv.environ)),
            "PATH": f"{inside}/bin{os.pathsep}{path}",
            "VIRTUAL_ENV": inside,
            **self.told,
        }
        for name in ("PYTHONPATH", "TMPDIR"):
            environ.pop(name, None)
        return environ
