"""The build of one member: its sdist, and from that its wheel."""

from __future__ import annotations

import tarfile
import zlib
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
from release_sync.effects.build.source_trees import meddled
from release_sync.effects.build.taking import take
from release_sync.effects.build.tar import unpack
from release_sync.effects.secrets import indented_tail, last_lines, masked
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from release_sync.effects.build.backend_hooks import Hooks, Runner
    from release_sync.effects.build.environments import Environments
    from release_sync.effects.build.layers import LayeredTree
    from release_sync.effects.build.project import Project
    from release_sync.effects.build.source_trees import SourceTree

Kind = Literal["sdist", "wheel"]

FAILURES = (
    BackendUnavailable,
    HookMissing,
    UnsupportedOperation,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)
"""What the library raises for a hook that fails, or that answers what no hook may answer."""

UNPACKING = (tarfile.TarError, EOFError, OSError, KeyError, zlib.error, StopIteration)
"""What is raised for a file that is no archive, or one that can't be unpacked."""

ROUNDS = 3
"""How often a backend may ask for more, once it has what it asked for."""

IN_A_CELL = "; it has no network there, and writes to its own copy alone (see the key `isolation`)"
"""What may be the reason that it builds elsewhere, and not here."""


class Built(NamedTuple):
    """The files of one member, and what its build did that it has no business with.

    ``from_tree`` is a wheel that was made without an sdist in between, where one was asked for.
    """

    files: tuple[Path, ...]
    notes: tuple[str, ...]
    from_tree: Path | None = None


class MemberBuild:
    """The build of one member, in folders that are its own."""

    def __init__(
        self,
        environments: Environments,
        hooks: Hooks,
        number: int,
        project: Project,
        *,
        compared: bool = False,
    ) -> None:
        """Do nothing yet; ``number`` tells its folders from those of the others.

        To be ``compared``, a wheel is made of the tree, too.
        """
        self.environments = environments
        self.sources = environments.sources
        self.hooks = hooks
        self.number = number
        self.project = project
        self.compared = compared
        self.kept = environments.sources.folder / "kept" / str(number)
        self.notes: list[str] = []

    def run(self) -> Built:
        """Build, and return the files: they lie where no build can write. Raises Problem."""
        self.kept.mkdir(parents=True)
        sources = self.sources
        trees: list[SourceTree | LayeredTree] = []

        def from_git(site: Site) -> Path:
            trees.append(self.environments.bring(site))
            way = sources.workspace.relative_to(sources.tree)
            return site.source / way / self.project.folder

        sdist = self._make("sdist", from_git, lambda: self._look_through(trees[-1]))
        try:
            normalise(sdist, sources.epoch)
            wheel = self._make("wheel", lambda site: _unpack(sdist, site.sdist))
        except UNPACKING as error:
            why = last_lines(str(error)) or "it holds no folder"
            raise self._problem("sdist", f"{sdist.name} can't be unpacked: {why}") from error
        of_tree = self._of_tree(from_git) if self.compared else None
        return Built((sdist, wheel), tuple(self.notes), of_tree)

    def _of_tree(self, bring: Callable[[Site], Path]) -> Path | None:
        """Make a wheel of the tree, as who installs from git does; note where there is none."""
        self.kept /= "of-tree"
        self.kept.mkdir()
        try:
            return self._make("wheel", bring)
        except Problem as problem:
            why = problem.message.partition("\n")[0].partition(": ")[2]
            self.notes.append(
                f"{self.project.name} has no wheel without its sdist, to compare with: {why}"
            )
            return None

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
                site, project.backend, self.environments.environ(environment, project.name)
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
        new = [one for one in wanted if one not in self.project.requires]
        if any("@" in one.partition(";")[0] for one in new):
            # What a hook has read would leave with the address, and uv has the network.
            raise self._problem(kind, f"{hook} asks for what is at a URL: {wanted!r:.80}")
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
            odd = f"its hook {hook.__name__} did not answer as it should: {error}"
            raise self._problem(kind, runner.output or odd) from error

    def _take(self, out: Path, name: object, kind: Kind) -> Path:
        """Copy what a build made to where no build can write. Raises Problem."""
        try:
            made, others = take(out, name, self.kept)
        except ValueError as error:
            raise self._problem(kind, f"it {error}") from error
        if others:
            self.notes.append(
                f"the {kind} build of {self.project.name} left {', '.join(others[:5])} beside"
                f" {made.name}: not published"
            )
        return made

    def _look_through(self, tree: SourceTree | LayeredTree) -> None:
        way = self.sources.workspace.relative_to(self.sources.tree)
        changed = meddled(tree.changed(), str(way / self.project.folder))
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
