"""The run of a script or a command of the repository, in a copy of a commit, in a cell."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from devclikit.ending import SIGNALLED
from devclikit.errors import Stop
from devclikit.script import metadata
from release_sync.effects.build.environment import OBJECTS
from release_sync.effects.git.source_tree import export, objects_of
from release_sync.effects.isolation import cell
from release_sync.effects.isolation.hidden import hidden_places, without_agents
from release_sync.effects.isolation.view import Mount, View
from release_sync.effects.own_steps.bounded import Output, is_too_much
from release_sync.effects.secrets import indented_tail, lines_of, masked, without_secrets
from release_sync.effects.uv.cell import LINKED
from release_sync.effects.verification.import_trial import ImportTrial
from release_sync.errors import Problem
from release_sync.steps.ports.scripts import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.effects.git.repository import Repository
    from release_sync.effects.scratch import Scratch
    from release_sync.effects.uv.commands import Uv
    from release_sync.steps.ports.scripts import Script

SECONDS = 600.0
"""How long a script may take."""


ARTIFACTS = f"{cell.INSIDE}/artifacts"
UV = f"{cell.INSIDE}/uv"


class Place(NamedTuple):
    """The folders of one run, and what they are called where the script runs.

    ``root`` is the workspace's in the ``top`` of a copy of the commit.
    """

    folder: Path
    top: Path
    artifacts: Path
    isolates: bool

    def inside(self, path: Path) -> str:
        """Return what a path is called in the cell."""
        if not self.isolates:
            return str(path)
        for outer, inner in ((self.top, cell.SOURCES), (self.artifacts, ARTIFACTS)):
            if path.is_relative_to(outer):
                return str(Path(inner, path.relative_to(outer)))
        raise AssertionError(path)


class ScriptRun:
    """Runs what a workspace at ``prefix`` of a repository brings, for some ``seconds`` at most."""

    def __init__(
        self,
        repository: Repository,
        prefix: str,
        uv: Uv,
        scratch: Scratch,
        seconds: float = SECONDS,
    ) -> None:
        """Hold what is needed; nothing is made yet."""
        self.repository = repository
        self.prefix = prefix
        self.uv = uv
        self.scratch = scratch
        self.seconds = seconds

    def laid_out(self, folder: Path, commit: str) -> Place:
        """Write the files of a commit into a folder, beside what else a run needs."""
        isolates, repo = self.uv.isolation.isolates, self.repository.repo
        place = Place(folder, folder / "sources", folder / "artifacts", isolates)
        objects = OBJECTS if isolates else str(objects_of(repo))
        export(repo, commit, place.top, objects, repo.commit(commit).committed_date)
        for one in ("artifacts", "temporary", "environments", "root"):
            (folder / one).mkdir()
        return place

    def run_in(self, place: Place, script: Script, commit: str, about: Mapping[str, object]) -> str:
        """Run a script, which reads ``about``; return the last line that it printed.

        Raises Problem.
        """
        line, mounts = self._command(script, place, commit)
        return self.run_line(script.words, line, place, mounts, about=json.dumps(about))

    def _command(
        self, script: Script, place: Place, commit: str
    ) -> tuple[list[str], tuple[Mount, ...]]:
        """Return the command line, and what it needs to be shown. Raises Problem."""
        first, *arguments = script.run
        if not first.endswith(SCRIPT):
            return [first, *arguments], ()
        file = self._script(first, place, commit)
        environment = place.folder / "environments" / "step"
        self.uv.run(
            ["sync", "--quiet", "--active", "--script", str(file)],
            place.top / self.prefix,
            f"{first}: what it depends on can't be installed",
            writes=environment.parent,
            VIRTUAL_ENV=str(environment),
            **LINKED,
        )
        trial = ImportTrial(self.uv, environment, self.hidden())
        return [trial.python, place.inside(file), *arguments], tuple(trial.view.mounts)

    def _script(self, path: str, place: Place, commit: str) -> Path:
        """Return the file of a script, whose metadata is right (PEP 723). Raises Problem."""
        file = place.top / self.prefix / path
        if not file.is_file() or not file.resolve().is_relative_to(place.top.resolve()):
            raise Problem(
                f"{commit[:7]} has no script {path}", hint="see [tool.release-sync.steps]"
            )
        try:
            metadata(file.read_bytes())
        except Stop as stop:
            raise Problem(f"{path}: {stop.message}", hint=stop.hint) from stop
        return file

    def run_line(
        self,
        words: str,
        line: Sequence[str],
        place: Place,
        mounts: Sequence[Mount] = (),
        *,
        below: str = "",
        about: str = "",
        network: bool = True,
    ) -> str:
        """Run a command in a folder ``below`` the workspace's; its ``words`` are for messages.

        It reads ``about``. Returns the last line that it printed. Raises Problem.
        """
        (place.folder / "about").write_text(about, encoding="utf-8")
        environ = self._environ(place)
        where = Path(place.inside(place.top), self.prefix, below)
        view = self._view(place, mounts, network=network)
        root = (place.folder / "root").resolve()
        with (place.folder / "about").open(encoding="utf-8") as told:
            output = Output(self.uv.isolation, view, root, told)
            try:
                done = self.uv.children.run(line, where, environ, self.seconds, (), output.start)
            except subprocess.TimeoutExpired as error:
                late = f"{words} did not end within {self.seconds:g} seconds"
                raise Problem(f"{late}{_quoted(output.text())}") from error
        said = masked(output.text())
        if output.is_flooded:
            raise Problem(f"{words} {is_too_much()}{_quoted(said)}")
        if done.returncode:
            raise Problem(f"{words} {_ended(done.returncode)}: {indented_tail(said, 8)}")
        return lines_of(said, 1)[0] if said.strip() else ""

    def _view(self, place: Place, mounts: Sequence[Mount], *, network: bool) -> View:
        objects = objects_of(self.repository.repo)
        program = shutil.which(self.uv.program) or self.uv.program
        own = (
            Mount(str(place.top), cell.SOURCES, writable=True),
            Mount(str(place.artifacts), ARTIFACTS),
            Mount(str(objects), OBJECTS),
            Mount(str(Path(program).resolve()), UV),
        )
        return View((*mounts, *own), self.hidden(), cell.FRESH, network=network)

    def _environ(self, place: Place) -> dict[str, str]:
        """Return the environment: no credentials of an index, and folders that can be written."""
        own = without_agents(without_secrets(self.uv.environ))
        temporary = cell.FRESH[0] if place.isolates else str(place.folder / "temporary")
        del_ = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"}
        return {
            **{name: value for name, value in own.items() if name not in del_},
            "PYTHONDONTWRITEBYTECODE": "1",  # what it changes is looked at
            "PYTHONUNBUFFERED": "1",  # so that what it prints is heard in order
            "TMPDIR": temporary,
            "UV_CACHE_DIR": f"{temporary}/uv-cache",
            "UV": UV if place.isolates else self.uv.program,
        }

    def hidden(self) -> tuple[str, ...]:
        """Return what no cell shows: your repository, and where programs keep credentials."""
        own = (self.repository.top, self.repository.common_dir)
        return hidden_places(self.uv.environ, own)


def _ended(status: int) -> str:
    if status > SIGNALLED:
        return f"was ended by signal {status - SIGNALLED}"
    return f"failed with {status}"


def _quoted(said: str) -> str:
    """Return the last lines of what was printed, to be shown below a sentence."""
    lines = [line.strip() for line in lines_of(masked(said), 4)] if said.strip() else []
    return "".join(f"\n    {line}" for line in lines)
