"""A build environment: what members need to be built, and the folder in which they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyproject_hooks

from release_sync.effects.isolation import cell
from release_sync.effects.isolation.isolation import SOURCES
from release_sync.effects.isolation.view import Mount, View
from release_sync.effects.scratch import remove
from release_sync.effects.verification.import_trial import interpreter

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.effects.isolation.isolation import Isolation
    from release_sync.seals.built_with import BuiltWith

_HOOKS = str(Path(pyproject_hooks.__file__).parent / "_in_process")
"""Where the library has the script that calls a hook (its runners are told the path)."""


OBJECTS = f"{cell.INSIDE}/objects"
"""Where a build finds the objects of the user's repository."""


def nothing_ahead(_key: str, _place: Path) -> BuiltWith | None:
    """Return that no environment was made for a key."""
    return None


class Surroundings(NamedTuple):
    """What of the machine is hidden from builds, and the objects of the user's repository.

    ``ahead`` brings the environment of a key to a place, where it was made already (``ahead``).
    """

    hidden: tuple[str, ...]
    objects: str
    ahead: Callable[[str, Path], BuiltWith | None] = nothing_ahead


class BuildEnvironment:
    """A virtual environment in a folder, and beside it the folders of the members built with it.

    In a cell the folder is at the same place on every machine, so what a compiler or a backend
    writes down of it is the same.
    """

    def __init__(self, folder: Path, isolation: Isolation, sources: Path) -> None:
        """Make the folder; the environment in it is uv's to make. Layers are over ``sources``."""
        self.folder = folder
        self.exported = sources
        self.isolation = isolation
        self.environment = folder / "environment"
        self.members = folder / "members"
        self.siblings = folder / "siblings"
        self.root = folder / "root"
        for path in (
            self.members,
            self.siblings,
            folder / "member",
            folder / "hooks",
            folder / "sources",
            self.root,
        ):
            path.mkdir(parents=True)

    def inside(self, path: Path) -> str:
        """Return what a path below the folder is called in the cell of all members."""
        if not self.isolation.isolates:
            return str(path)
        return f"{cell.INSIDE}/{path.relative_to(self.folder)}"

    @property
    def python(self) -> str:
        """The interpreter, as builds call it."""
        return self.inside(self.environment / "bin" / "python")

    @property
    def sources(self) -> str:
        """Where the programs that run in it are imported from."""
        return cell.INSIDE if self.isolation.isolates else SOURCES

    def script(self, path: str) -> str:
        """Return what the library's script is called inside."""
        if not self.isolation.isolates:
            return path
        return f"{cell.INSIDE}/hooks/{Path(path).name}"

    def view(self, surroundings: Surroundings, site: Site | None = None) -> View:
        """Return what builds in it see of the machine: all that share it, or one ``site`` alone."""
        own = (Mount(str(self.folder), cell.INSIDE, writable=True),)
        return View(
            mounts=(
                *interpreter(self.environment, surroundings.hidden),
                *(own if site is None else site.mounts),
                Mount(str(self.environment), f"{cell.INSIDE}/environment"),
                Mount(f"{SOURCES}/release_sync", f"{cell.INSIDE}/release_sync"),
                Mount(_HOOKS, f"{cell.INSIDE}/hooks"),
                *((Mount(str(self.exported), cell.SOURCES),) if site is None else ()),
                Mount(surroundings.objects, OBJECTS),
            ),
            hidden=surroundings.hidden,
            fresh=cell.FRESH,
            nests=site is None,
        )


class Site:
    """The folder in which one distribution of a member is made.

    ``source`` and ``sdist`` are for its sources, as git has them or unpacked, ``out`` is where it
    leaves what it makes, and ``control`` what its hooks are asked and answer.
    """

    def __init__(self, environment: BuildEnvironment, name: str) -> None:
        """Make the folder, anew."""
        self.environment = environment
        self.folder = environment.members / name
        self.layers = Path(cell.layers_of(str(self.folder)))
        self.source, self.sdist, self.out, self.control = (self.folder / one for one in cell.FIXED)
        for path in (self.source, self.sdist, self.out, self.control):
            path.mkdir(parents=True)

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """What a cell of its own shows of it: no link can take the place of a folder in it."""
        folders = (self.source, self.sdist, self.out, self.control)
        places = [(self.folder, cell.MEMBER), *((one, self.inside(one)) for one in folders)]
        return tuple(Mount(str(one), place, writable=True) for one, place in places)

    def remove(self) -> None:
        """Remove it; what another build puts there meanwhile is swept with all the rest."""
        remove(self.folder)
        remove(self.layers)

    def inside(self, path: Path) -> str:
        """Return what a path below the folder is called where the member is built."""
        if not self.environment.isolation.isolates:
            return str(path)
        return f"{cell.MEMBER}/{path.relative_to(self.folder)}"
