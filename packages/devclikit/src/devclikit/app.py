"""An app: the commands of a repository, from a folder and from a package, as one program."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from inspect import currentframe
from pathlib import Path
from typing import TYPE_CHECKING

from devclikit.boundary import Boundary
from devclikit.completion import COMPLETION
from devclikit.errors import Stop
from devclikit.folder import foreground
from devclikit.folder.group import Contents, FolderGroup
from devclikit.lazy import Lazy, LazyGroup
from devclikit.script import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devclikit.folder.group import Launch


@dataclass(frozen=True, slots=True)
class App:
    """A program of one's own: ``main`` is what a console script calls.

    ``folder`` holds the scripts, and ``package`` is the name of the package whose ``COMMANDS``
    maps names to ``devclikit.lazy.Lazy``. Without either, the nearest ``[tool.devclikit]`` names
    them: from the file ``near`` upwards (``near=__file__``), or else from the current folder.
    ``help`` is what ``--help`` begins with. ``distribution`` is what has the version, where it is
    called otherwise than the app.
    """

    name: str
    help: str = ""
    folder: Path | None = None
    package: str | None = None
    near: str | Path | None = None
    distribution: str = ""

    @property
    def group(self) -> FolderGroup:
        """The app as a click group that runs scripts beside this process, as tests want it."""
        return self._group(run)

    def main(self, arguments: Sequence[str] | None = None) -> int:
        """Run the command line, and return the exit code.

        A script takes this process's place when it is called from a console script, and not from
        a test: nothing of the function that calls this is run afterwards.
        """
        frame = currentframe()
        caller = frame.f_back.f_globals["__name__"] if frame and frame.f_back else ""
        launch = partial(foreground.replace, package=caller.partition(".")[0])
        return Boundary(self.name, self.version).run(self._group(launch), arguments)

    def version(self) -> str:
        """Return the version of the distribution; an empty text when it is not installed."""
        from importlib import metadata  # noqa: PLC0415 - slow, and seldom asked for

        try:
            return metadata.version(self.distribution or self.name)
        except metadata.PackageNotFoundError:
            return ""

    def _group(self, launch: Launch) -> FolderGroup:
        return FolderGroup(
            self.name, help=self.help, find=self._contents, launch=launch, lazy=COMPLETION
        )

    def _contents(self) -> Contents:
        if self.folder is None and self.package is None:
            return configured(None if self.near is None else Path(self.near))
        return contents(self.folder, self.package)


def configured(near: Path | None = None) -> Contents:
    """Return the commands that the nearest ``[tool.devclikit]`` names. Raises Stop.

    Its package may be one that is not installed: the folder of the file is looked in, last.
    """
    from devclikit.folder.configuration import find  # noqa: PLC0415 - who names both reads no TOML

    found = find(near)
    if found.package is not None and str(found.file.parent) not in sys.path:
        sys.path.append(str(found.file.parent))
    return replace(contents(found.commands, found.package), file=found.file)


def contents(folder: Path | None, package: str | None) -> Contents:
    """Return the commands of a folder and of a package, either of which may be None.

    The package is imported, and none of its commands. Where it is not installed, the scripts of
    the folder are there all the same.
    """
    if package is None:
        return Contents(folder)
    try:
        return Contents(folder, LazyGroup(package, lazy=_commands(package), missing=_missing))
    except Stop as problem:
        return Contents(folder, LazyGroup(package, lazy={}), problem)


def _missing(command: str, error: ModuleNotFoundError) -> Stop:
    return Stop(f"`{command}` needs {error.name}, which is not installed", _where())


def _where() -> str:
    return f"run it where your project is installed: `uv run {Path(sys.argv[0]).name} …`"


def _commands(package: str) -> dict[str, Lazy]:
    try:
        module = import_module(package)
    except ModuleNotFoundError as error:
        if not f"{package}.".startswith(f"{error.name}."):
            raise _broken(package, error) from error
        raise Stop(
            f"the package {package} is not there: {error}",
            _where(),
        ) from error
    except (Exception, SystemExit) as error:  # whatever is wrong, the scripts are to be there
        raise _broken(package, error) from error
    found = getattr(module, "COMMANDS", None)
    if not isinstance(found, dict) or not all(isinstance(one, Lazy) for one in found.values()):
        raise Stop(
            f"the package {package} has no COMMANDS, which maps names to Lazy",
            'COMMANDS = {"greet": Lazy("acme.dev.greet:command", "Say hello.")}',
        )
    return found


def _broken(package: str, error: BaseException) -> Stop:
    message = f"the package {package} can't be imported: {type(error).__name__}: {error}"
    return Stop(message, f'`python -c "import {package}"` shows where')
