"""Building sdists and wheels: one isolated environment for each set of build requirements.

PEP 517 asks for the requirements to be there, not for an environment of its own for every
artifact; making those is where a release of many members spends its time (29 of 30 s for fifty,
measured). So members whose ``build-system`` asks for the same share one environment, and they are
built side by side. Each build still has a process, a source tree and an output folder of its own.
"""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from build import BuildBackendException, BuildException, ProjectBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release_sync.effects.normalising import normalise
from release_sync.effects.secrets import gist, masked
from release_sync.effects.unpacking import unpack
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.effects.uv import Uv

Kind = Literal["sdist", "wheel"]

HOOK_SECONDS = 900
"""How long one build hook may take."""


class Project(NamedTuple):
    """A source tree to build: ``python`` is its Requires-Python, ``own`` whether only uv can."""

    folder: Path
    requires: tuple[str, ...]
    python: str
    own: bool


class Builder:
    """Builds projects with shared environments below a folder."""

    def __init__(self, uv: Uv, folder: Path, epoch: int) -> None:
        """Make environments below ``folder``; ``epoch`` is ``SOURCE_DATE_EPOCH`` (seconds)."""
        self.uv = uv
        folder.mkdir(parents=True)
        self.folder = folder
        self.epoch = epoch
        self._lock = threading.Lock()
        self._environments: dict[tuple[tuple[str, ...], str], Path] = {}
        self._installed: dict[Path, set[str]] = {}

    def build(self, projects: Sequence[Project]) -> list[list[Path]]:
        """Build each project's sdist and, from it, its wheel; return the files of each.

        Raises Problem with the end of the output of what failed.
        """
        for project in projects:
            self._environment(project)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self._build, range(len(projects)), projects))

    def _build(self, number: int, project: Project) -> list[Path]:
        out = self.folder / f"out-{number}"
        out.mkdir(parents=True)
        environment = self._environment(project)
        if environment is None:
            self.uv.build(project.folder, out, self.epoch)
        else:
            sdist = self._hook(project.folder, environment, "sdist", out)
            normalise(sdist, self.epoch)
            with tempfile.TemporaryDirectory(dir=self.folder) as unpacked:
                tree = _unpack(sdist, Path(unpacked))
                self._hook(tree, environment, "wheel", out)
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

    def _hook(self, source: Path, environment: Path, kind: Kind, out: Path) -> Path:
        """Call the hooks of PEP 517 for one distribution, and return its file."""
        runner = _Runner(self.uv.environ, self.epoch, environment)
        builder = ProjectBuilder(source, str(environment / "bin" / "python"), runner)
        try:
            self._require(builder.get_requires_for_build(kind), environment, source)
            return Path(builder.build(kind, out))
        except (BuildBackendException, BuildException) as error:
            words = gist(masked(runner.output or str(error)), 12)
            raise Problem(
                f"{source.name} does not build: {words}", hint=f"its {kind} hook said so"
            ) from error

    def _require(self, wanted: set[str], environment: Path, source: Path) -> None:
        """Install what a backend asks for beyond ``build-system.requires``, once."""
        with self._lock:
            more = sorted(wanted - self._installed[environment])
            if more:
                self.uv.install(environment, more, source)
                self._installed[environment].update(more)


class _Runner:
    """Runs a hook quietly, and keeps what it wrote. Called by the build library."""

    def __init__(self, environ: Mapping[str, str], epoch: int, environment: Path) -> None:
        path = f"{environment / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}"
        self.environ = {
            **environ,
            "PATH": path,
            "VIRTUAL_ENV": str(environment),
            "SOURCE_DATE_EPOCH": str(epoch),
        }
        self.environ.pop("PYTHONPATH", None)
        self.output = ""

    def __call__(
        self,
        cmd: Sequence[str],
        cwd: str | None = None,
        extra_environ: Mapping[str, str] | None = None,
    ) -> None:
        done = subprocess.run(
            cmd,
            cwd=cwd,
            env={**self.environ, **(extra_environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=HOOK_SECONDS,
            check=False,
        )
        self.output = done.stdout
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, cmd, done.stdout)


def project_of(folder: Path, manifest: Mapping[str, object], members: frozenset[str]) -> Project:
    """Describe a source tree by its manifest; ``members`` are the workspace's own names.

    uv builds what only uv can: its own backend (without any environment), a backend in the tree,
    and a build requirement on a sibling (a workspace source).
    """
    system = manifest.get("build-system")
    table = system if isinstance(system, dict) else {}
    requires = tuple(table.get("requires", ("setuptools",)))
    names = {canonicalize_name(Requirement(one).name) for one in requires}
    own = table.get("build-backend") == "uv_build" or "backend-path" in table or names & members
    project = manifest.get("project")
    python = project.get("requires-python", "") if isinstance(project, dict) else ""
    return Project(folder, requires, str(python), bool(own))


def _unpack(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist, and return the one folder in it (PEP 643's layout)."""
    with tarfile.open(sdist) as archive:
        unpack(archive, folder)
    return next(path for path in folder.iterdir() if path.is_dir())
