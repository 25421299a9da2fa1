"""Builds of sdists and wheels, in one isolated environment for each set of build requirements.

PEP 517 asks for the requirements to be there, not for an environment of its own for every
artifact; making those is where a release of many members spends its time (29 of 30 s for fifty,
measured). So members whose ``build-system`` asks for the same share one environment, and they are
built side by side. Each hook still has a process of its own, and each build a source tree and an
output folder.
"""

from __future__ import annotations

import importlib
import os
import tarfile
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from release_sync.backends.all_backends import version_variables
from release_sync.effects.build.backend_hooks import Hooks, Runner
from release_sync.effects.build.reproducible_sdist import normalise
from release_sync.effects.build.tar import unpack
from release_sync.effects.secrets import indented_tail, masked, without_secrets
from release_sync.errors import Problem
from release_sync.standards.names import required_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.effects.uv.commands import Uv
    from release_sync.toml.manifest import Manifest

Kind = Literal["sdist", "wheel"]


class Project(NamedTuple):
    """A source tree to build: ``python`` is its Requires-Python, ``own`` whether only uv can."""

    folder: Path
    requires: tuple[str, ...]
    backend: str
    python: str
    own: bool


class Builder:
    """Builds projects with shared environments below a folder."""

    def __init__(self, uv: Uv, folder: Path, epoch: int, version: str) -> None:
        """Make environments below ``folder``.

        ``epoch`` is ``SOURCE_DATE_EPOCH`` (seconds). ``version`` is what all members will have;
        backends that ask version control are told, for the tag does not exist yet.
        """
        self.uv = uv
        folder.mkdir(parents=True)
        self.folder = folder
        self.epoch = epoch
        self.told = {
            "SOURCE_DATE_EPOCH": str(epoch),
            **dict.fromkeys(version_variables(), version),
        }
        self._lock = threading.Lock()
        self._environments: dict[tuple[tuple[str, ...], str], Path] = {}
        self._installed: dict[Path, set[str]] = {}

    def build(self, projects: Sequence[Project]) -> list[list[Path]]:
        """Build each project's sdist and, from it, its wheel; return the files of each.

        Raises Problem with the end of the output of what failed.
        """
        with Hooks() as hooks, ThreadPoolExecutor(os.cpu_count()) as pool:
            try:
                pool.submit(importlib.import_module, "build")  # while uv makes the environments
                for project in projects:
                    self._environment(project)
                numbers = range(len(projects))
                return list(pool.map(lambda *one: self._build(hooks, *one), numbers, projects))
            except BaseException as reason:
                hooks.stop()  # the pool waits for whatever is at work
                if not isinstance(reason, Exception):
                    self.uv.children.stop()
                raise

    def _build(self, hooks: Hooks, number: int, project: Project) -> list[Path]:
        out = self.folder / f"out-{number}"
        out.mkdir(parents=True)
        environment = self._environment(project)
        if environment is None:
            self.uv.build(project.folder, out, self.told)
        else:
            runner = hooks.runner(environment, project.backend, self._environ(environment))
            sdist = self._hook(project.folder, environment, runner, "sdist", out)
            normalise(sdist, self.epoch)
            with tempfile.TemporaryDirectory(dir=self.folder) as unpacked:
                tree = _unpack(sdist, Path(unpacked))
                self._hook(tree, environment, runner, "wheel", out)
        return sorted(file for file in out.iterdir() if file.suffix in {".whl", ".gz"})

    def _environment(self, project: Project) -> Path | None:
        """Return the environment for a project; None for one that only uv can build."""
        if project.own:
            return None
        key = (project.requires, project.python)
        if key not in self._environments:
            environment = self.folder / f"environment-{len(self._environments)}"
            self.uv.make_environment(environment, project.python)
            self.uv.install(environment, project.requires, project.folder)
            self._environments[key] = environment
            self._installed[environment] = set(project.requires)
        return self._environments[key]

    def _environ(self, environment: Path) -> dict[str, str]:
        """Return the environment variables of a build: no access to an index is among them."""
        path = self.uv.environ.get("PATH", os.defpath)
        environ = {
            **without_secrets(self.uv.environ),
            "PATH": f"{environment / 'bin'}{os.pathsep}{path}",
            "VIRTUAL_ENV": str(environment),
            **self.told,
        }
        environ.pop("PYTHONPATH", None)
        return environ

    def _hook(self, source: Path, environment: Path, runner: Runner, kind: Kind, out: Path) -> Path:
        """Call the hooks of PEP 517 for one distribution, and return its file."""
        from build import (  # noqa: PLC0415 - 0.1 s, which passes while uv is at work
            BuildBackendException,
            BuildException,
            ProjectBuilder,
        )

        builder = ProjectBuilder(source, str(environment / "bin" / "python"), runner)
        try:
            self._require(builder.get_requires_for_build(kind), environment, source)
            return Path(builder.build(kind, out))
        except (BuildBackendException, BuildException) as error:
            words = indented_tail(masked(runner.output or str(error)))
            raise Problem(
                f"{source.name} does not build: {words}",
                hint=f"build it alone with `uv build`; its hook for the {kind} printed this",
            ) from error

    def _require(self, wanted: set[str], environment: Path, source: Path) -> None:
        """Install what a backend asks for beyond ``build-system.requires``, once."""
        with self._lock:
            more = sorted(wanted - self._installed[environment])
            if more:
                self.uv.install(environment, more, source)
                self._installed[environment].update(more)


def project_of(folder: Path, manifest: Manifest, members: frozenset[str]) -> Project:
    """Describe a source tree by its manifest; ``members`` are the workspace's own names.

    uv builds what only uv can: its own backend (without any environment), a backend in the tree,
    and a build requirement on a sibling (a workspace source).
    """
    system = manifest.build_system
    requires = system.texts("requires") if system.has("requires") else ("setuptools",)
    backend = system.string("build-backend", "setuptools.build_meta")
    siblings = members.intersection(required_name(one) for one in requires)
    own = backend == "uv_build" or system.has("backend-path") or bool(siblings)
    return Project(folder, requires, backend, manifest.project.string("requires-python"), own)


def _unpack(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist, and return the one folder in it (PEP 643's layout)."""
    with tarfile.open(sdist) as archive:
        unpack(archive, folder)
    return next(path for path in folder.iterdir() if path.is_dir())
