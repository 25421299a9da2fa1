"""The build environments of a release: one for each set of build requirements."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.backends.all_backends import version_variables
from release_sync.effects.build.environment import BuildEnvironment, nothing_ahead
from release_sync.effects.build.layers import LayeredTree
from release_sync.effects.build.requirements import (
    agreed,
    install,
    parsed,
    refuse_unreached,
    resolve,
    unobtainable,
)
from release_sync.effects.build.source_trees import SourceTree
from release_sync.effects.isolation import cell
from release_sync.effects.isolation.hidden import without_agents
from release_sync.effects.secrets import without_secrets
from release_sync.effects.uv.pythons import described, interpreter, minor_of
from release_sync.errors import Problem
from release_sync.seals.built_with import BuiltWith

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from release_sync.effects.build.environment import Site
    from release_sync.effects.build.project import Project, Sources
    from release_sync.effects.uv.commands import Uv

KEY = 12
"""How many digits tell the environments of one release apart."""

SAME_EVERYWHERE = {
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
}
"""What of an environment would change what is built (reproducible-builds.org, "Documentation")."""


class Environments:
    """Makes each environment when it is asked for first, and says what its builds are told."""

    def __init__(
        self,
        uv: Uv,
        sources: Sources,
        versions: Mapping[str, str],
        sealed: Sequence[BuiltWith] = (),
        *,
        layered: Callable[[], bool],
        ahead: Callable[[str, Path], BuiltWith | None] = nothing_ahead,
    ) -> None:
        """Make them below the folder of the sources.

        ``versions`` are what the members will have: backends that ask version control are told, for
        the tag does not exist yet. With those of a seal, they are made as they were then.
        ``layered`` says whether builds share the sources (see ``layers``); ``ahead`` brings what is
        there for a key already to a place, if anything is.
        """
        self.uv = uv
        self.sources = sources
        self.versions = versions
        self.told = {"SOURCE_DATE_EPOCH": str(sources.epoch), **SAME_EVERYWHERE}
        self.sealed = {one.key: one for one in sealed}
        self.layered = layered
        self.ahead = ahead
        self._lock = threading.Lock()
        self._made: dict[str, _Made] = {}

    @property
    def described(self) -> tuple[BuiltWith, ...]:
        """What was made, for a seal."""
        return tuple(sorted(one.built_with for one in self._made.values() if one.built_with))

    def environment(self, project: Project, requires: Sequence[str]) -> BuildEnvironment:
        """Return the environment for a project; it is made when it is asked for first.

        Several are made side by side; who asks for one that is being made waits for it, and is told
        the same where that fails. Raises Problem.
        """
        wanted = sorted(parsed(requires, project.name))
        asked = json.dumps([wanted, project.siblings, project.python])
        key = hashlib.sha256(asked.encode()).hexdigest()[:KEY]
        with self._lock:
            if key not in self._made:
                folder = self.sources.folder / f"environment-{len(self._made)}"
                own = BuildEnvironment(folder, self.uv.isolation, self.sources.tree)
                self._made[key] = _Made(own)
            made = self._made[key]
        with made.lock:
            if made.problem is not None:
                raise made.problem
            if made.built_with is None:
                try:
                    made.built_with = self._fill(made.environment, key, wanted, project)
                except Problem as error:
                    made.problem = error
                    raise
        return made.environment

    def hand_over(self, key: str, place: Path) -> BuiltWith | None:
        """Move the environment of a key to a place; None where there is none, or it failed.

        One that is being made is waited for.
        """
        with self._lock:
            made = self._made.pop(key, None)
        if made is None:
            return None
        with made.lock:
            if made.built_with is not None:
                made.environment.environment.rename(place)
            return made.built_with

    def bring(self, site: Site) -> SourceTree | LayeredTree:
        """Bring the sources to where a member is built, so that nobody else sees its changes."""
        if self.layered():
            return LayeredTree(self.sources.tree, site.layers)
        return SourceTree(self.sources.tree, site.source)

    def _fill(
        self, made: BuildEnvironment, key: str, requires: Sequence[str], project: Project
    ) -> BuiltWith:
        sealed = self.sealed.get(key)
        workspace, wanted = self.sources.workspace, [*requires]
        if not self.sealed and (found := self.ahead(key, made.environment)) is not None:
            return found
        if project.siblings:
            SourceTree(self.sources.tree, made.siblings)
            wanted += [str(made.siblings / folder) for folder in project.siblings]
        constraints = agreed([*self.sealed.values()] if sealed is None else [sealed])
        with ThreadPoolExecutor(1) as aside:
            making = aside.submit(self._make, made.environment, project.python, sealed)
            known = interpreter(project.python) if sealed is None else ""
            if not (wanted and Path(known).is_absolute()):
                making.result()  # which Python it is of is not known before
            if not wanted:
                return BuiltWith(key, *described(made.environment))
            with unobtainable(sealed=bool(constraints)):
                resolved = resolve(self.uv, made.environment, wanted, workspace, constraints, known)
                if sealed is not None:
                    refuse_unreached(project.name, resolved, sealed)
            making.result()
        with unobtainable(sealed=bool(constraints)):
            install(self.uv, made.environment, resolved, workspace)
        return BuiltWith(key, *described(made.environment), resolved.sealed)

    def _make(self, environment: Path, requires: str, sealed: BuiltWith | None) -> None:
        """Make it, and of the minor version of Python that was sealed where there is one."""
        if sealed is not None:
            both = ",".join(filter(None, (requires, minor_of(sealed.python))))
            with suppress(Problem):
                self.uv.make_environment(environment, both)
                return
        self.uv.make_environment(environment, requires)

    def environ(self, environment: BuildEnvironment, member: str) -> dict[str, str]:
        """Return the environment variables of a build: no access to an index is among them."""
        path = self.uv.environ.get("PATH", os.defpath)
        inside = environment.inside(environment.environment)
        environ = {
            **without_agents(without_secrets(self.uv.environ)),
            "PATH": f"{inside}/bin{os.pathsep}{path}",
            "VIRTUAL_ENV": inside,
            **self.told,
            **dict.fromkeys(version_variables(), self.versions[member]),
        }
        for name in ("PYTHONPATH", "TMPDIR"):
            environ.pop(name, None)
        if not environment.isolation.isolates:
            environ["CPPFLAGS"] = f"{environ.get('CPPFLAGS', '')} {_without_place(environment)}"
        return environ


class _Made:
    """An environment, and what it was made of, once it is, or why it could not be made."""

    def __init__(self, environment: BuildEnvironment) -> None:
        self.environment = environment
        self.lock = threading.Lock()
        self.built_with: BuiltWith | None = None
        self.problem: Problem | None = None


def _without_place(environment: BuildEnvironment) -> str:
    """Return what lets a compiler write the place down that builds have in a cell (gcc, clang)."""
    return shlex.quote(f"-ffile-prefix-map={environment.folder}={cell.INSIDE}")
