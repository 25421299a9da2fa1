"""Build environments that are made ahead: while a release is still being planned.

What is in ``build-system.requires`` is known as soon as the manifests are, and to make what it asks
for takes a quarter of a release of two members. Only requirements on names are met here: nothing
of the repository's own is built, and no backend is called, before the plan is agreed to.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from copy import copy
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

import git

from release_sync.effects.build.environments import Environments
from release_sync.effects.build.layers import can_be_laid
from release_sync.effects.build.project import Sources, project_in
from release_sync.effects.git.source_tree import lay_out
from release_sync.effects.processes import Children
from release_sync.effects.uv.settings import settings_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from release_sync.effects.build.project import Project
    from release_sync.effects.git.repository import Repository
    from release_sync.effects.scratch import Scratch
    from release_sync.effects.uv.commands import Uv
    from release_sync.seals.built_with import BuiltWith
    from release_sync.workspace.model import Workspace


class EnvironmentsAhead:
    """What is made ahead, if anything is, for builds that need exactly that.

    No failure is told of here: a build that is brought nothing makes its own, and says what fails.
    """

    def __init__(self) -> None:
        """Make nothing yet."""
        self._over = Event()
        self._children = Children()
        self._thread: Thread | None = None
        self._environments: Environments | None = None

    @contextmanager
    def during(
        self,
        repository: Repository,
        prefix: str,
        uv: Uv,
        scratch: Scratch,
        workspace: Workspace,
        base: str,
    ) -> Iterator[None]:
        """Make what the members of a workspace ask for, as a commit has them, while a block runs.

        Whoever calls it holds the lock of the repository: what was not taken is swept in the end.
        """
        folders = {one.name: one.folder for one in workspace.members if not one.private}
        uv = copy(uv)
        uv.children = self._children  # which end by themselves

        def bring() -> Sources:
            return _sources(repository, prefix, base, scratch.make())

        self._thread = Thread(target=self._make, args=(uv, bring, folders))
        self._thread.start()
        try:
            yield
        finally:
            self.end()
            scratch.sweep()

    def _make(self, uv: Uv, bring: Callable[[], Sources], folders: Mapping[str, str]) -> None:
        with suppress(Exception, KeyboardInterrupt), ThreadPoolExecutor(2) as pool:
            sources = bring()
            pool.submit(uv.own_folders, sources.workspace)  # as what is run in them will ask
            pool.submit(can_be_laid, uv.isolation, sources.folder.parent)  # as a build will
            projects = [project_in(sources.workspace, name, folders) for name in folders]
            asked = Counter(_alike(one) for one in projects if _names_alone(one))
            made = self._environments = Environments(uv, sources, {}, layered=lambda: False)
            for project, _ in asked.most_common():
                if self._over.is_set():
                    break
                made.environment(project, project.requires)

    def offered(self, uv: Uv, workspace: Path) -> Callable[[str, Path], BuiltWith | None]:
        """Return what brings the environment of a key to its place (see ``take``)."""
        return partial(self.take, uv=uv, workspace=workspace)

    def take(self, key: str, place: Path, uv: Uv, workspace: Path) -> BuiltWith | None:
        """Move what was made for a key to its place, and return what it is made of.

        None where there is none, or where uv is set to something else in the ``workspace``. What is
        being made is waited for, and nothing more is begun: whoever builds now makes the rest.
        """
        self._over.set()
        made = self._environments
        if made is None or made.uv.isolation != uv.isolation:
            return None
        if settings_in(made.sources.workspace, uv.environ) != settings_in(workspace, uv.environ):
            return None
        return made.hand_over(key, place)

    def end(self) -> None:
        """End what is being made. The folder is left for the sweep."""
        self._over.set()
        if self._thread is not None:
            self._children.stop()
            self._thread.join()


def _names_alone(project: Project) -> bool:
    """Return whether all that it asks for is a name: neither a member nor a URL (PEP 508)."""
    return not project.siblings and not any("@" in one for one in project.requires)


def _alike(project: Project) -> Project:
    """Return what the environments of some projects have in common."""
    return project._replace(name="", folder="", backend="", path=())


def _sources(repository: Repository, prefix: str, base: str, folder: Path) -> Sources:
    """Bring the files of a commit to a scratch folder. Raises Problem."""
    tree = folder / "sources"
    lay_out(git.Repo(repository.repo.git_dir), base, tree)  # which no other thread uses
    return Sources(folder / "build", tree, tree / prefix, epoch=0)
