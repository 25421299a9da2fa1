"""The build of one member: its sdist, and from that its wheel."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
import zlib
from pathlib import Path
from subprocess import CalledProcessError
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pyproject_hooks import (
    BackendUnavailable,
    BuildBackendHookCaller,
    HookMissing,
    UnsupportedOperation,
)

from release_sync.effects.build.environment import Site
from release_sync.effects.build.reproducible_sdist import normalise
from release_sync.effects.build.source_trees import SourceTree
from release_sync.effects.build.tar import unpack
from release_sync.effects.secrets import indented_tail, masked
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.effects.build.backend_hooks import Hooks, Runner
    from release_sync.effects.build.environments import Environments
    from release_sync.effects.build.project import Project

Kind = Literal["sdist", "wheel"]

FAILURES = (
    BackendUnavailable,
    HookMissing,
    UnsupportedOperation,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)
"""What the library raises for a hook that fails, or that answers what no hook may answer."""

ROUNDS = 3
"""How often a backend may ask for more, once it has what it asked for."""

IN_A_CELL = "; it has no network there, and writes to its own copy alone (see the key `isolation`)"
"""What may be the reason that it builds elsewhere, and not here."""


class Built(NamedTuple):
    """The files of one member, and what its build did that it has no business with."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


class MemberBuild:
    """The build of one member, in folders that are its own."""

    def __init__(
        self, environments: Environments, hooks: Hooks, number: int, project: Project
    ) -> None:
        """Do nothing yet; ``number`` tells its folders from those of the others."""
        self.environments = environments
        self.sources = environments.sources
        self.hooks = hooks
        self.number = number
        self.project = project
        self.kept = environments.sources.folder / "kept" / str(number)
        self.notes: list[str] = []

    def run(self) -> Built:
        """Build, and return the files: they lie where no build can write. Raises Problem."""
        self.kept.mkdir(parents=True)
        sources = self.sources
        trees: list[SourceTree] = []

        def from_git(site: Site) -> Path:
            trees.append(SourceTree(sources.tree, site.source))
            way = sources.workspace.relative_to(sources.tree)
            return site.source / way / self.project.folder

        sdist = self._make("sdist", from_git, lambda: self._look_through(trees[-1]))
        try:
            normalise(sdist, sources.epoch)
            wheel = self._make("wheel", lambda site: _unpack(sdist, site.sdist))
        except (tarfile.TarError, EOFError, zlib.error, StopIteration) as error:
            words = f"{sdist.name} can't be unpacked: {error or 'it holds no folder'}"
            raise self._problem("sdist", words) from error
        return Built((sdist, wheel), tuple(self.notes))

    def _make(
        self, kind: Kind, bring: Callable[[Site], Path], after: Callable[[], None] = lambda: None
    ) -> Path:
        """Make one distribution of the sources that are brought to its folder."""
        project = self.project
        environment = self.environments.environment(project, project.requires)
        for _ in range(ROUNDS):
            site = Site(environment, f"{self.number}-{kind}")
            tree = bring(site)
            runner = self.hooks.runner(
                site, project.backend, self.environments.environ(environment)
            )
            caller = BuildBackendHookCaller(
                site.inside(tree), project.backend, project.path or None, runner, environment.python
            )
            wanted = self._asked(runner, kind, f"get_requires_for_build_{kind}", caller)
            before, environment = environment, self.environments.environment(project, wanted)
            if environment is before:
                break
            site.remove()
        name = self._called(runner, kind, getattr(caller, f"build_{kind}"), site.inside(site.out))
        made = self._take(site.out, name, kind)
        after()
        if runner.left:
            self.notes.append(
                f"processes that the {kind} build of {project.name} left running: {runner.left};"
                " they were ended"
            )
        site.remove()
        return made

    def _asked(
        self, runner: Runner, kind: Kind, hook: str, caller: BuildBackendHookCaller
    ) -> tuple[str, ...]:
        """Return all that the backend needs, with what it asks for beyond its manifest."""
        wanted = self._called(runner, kind, getattr(caller, hook))
        if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
            raise self._problem(kind, f"{hook} answered {wanted!r:.80}")
        return tuple(dict.fromkeys((*self.project.requires, *wanted)))

    def _called(self, runner: Runner, kind: Kind, hook: Callable[..., Any], *given: str) -> Any:  # noqa: ANN401 - a stranger's answer
        """Call a hook. Raises Problem with the end of what it printed."""
        try:
            return hook(*given)
        except CalledProcessError as error:
            silent = (
                f"its process ended without an answer ({error.returncode}), and printed nothing"
            )
            raise self._problem(kind, runner.output or silent) from error
        except FAILURES as error:
            raise self._problem(kind, runner.output or str(error)) from error

    def _take(self, out: Path, name: object, kind: Kind) -> Path:
        """Copy what a build made to where no build can write. Raises Problem."""
        if not isinstance(name, str) or Path(name).name != name or name.startswith("."):
            raise self._problem(kind, f"it says that it made {name!r:.80}, which is no file name")
        made = self.kept / name
        try:
            descriptor = os.open(out / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise self._problem(kind, f"it made no {name}: {error.strerror}") from error
        with os.fdopen(descriptor, "rb") as source:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise self._problem(kind, f"{name} is no file")
            with made.open("xb") as target:
                shutil.copyfileobj(source, target)
        return made

    def _look_through(self, tree: SourceTree) -> None:
        way = self.sources.workspace.relative_to(self.sources.tree)
        changed = tree.changes(str(way / self.project.folder))
        if changed:
            self.notes.append(
                f"the build of {self.project.name} changed {', '.join(changed[:5])}"
                f"{' …' if len(changed) > 5 else ''}, in its own copy:"  # noqa: PLR2004 - enough to see
                " the commit has none of it, what was built may"
            )

    def _problem(self, kind: Kind, words: str) -> Problem:
        cell = IN_A_CELL if self.environments.uv.isolation.isolates else ""
        return Problem(
            f"{self.project.name} does not build: {indented_tail(masked(words))}",
            hint=f"fix what {self.project.backend} says of the {kind}, commit it, and try it with"
            f" `release-sync rehearse`{cell}",
        )


def _unpack(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist, and return the one folder in it (PEP 643's layout)."""
    with tarfile.open(sdist) as archive:
        unpack(archive, folder)
    return next(path for path in folder.iterdir() if path.is_dir())
