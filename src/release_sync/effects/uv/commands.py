"""uv: locks, builds, environments and uploads."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from copy import copy
from glob import escape
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from release_sync.effects.isolation.isolation import NO_ISOLATION
from release_sync.effects.process_lock import uploading
from release_sync.effects.processes import Children
from release_sync.effects.secrets import (
    environment,
    masked,
    without_upload_secrets,
)
from release_sync.effects.uv.causes import causes
from release_sync.effects.uv.cell import LINKED, writing_only
from release_sync.effects.uv.folders import KEPT, made
from release_sync.effects.uv.from_index import first, of_any_age
from release_sync.effects.uv.program import MISSING, find_uv
from release_sync.effects.uv.pythons import interpreter
from release_sync.effects.uv.upload_answer import UPLOADS, upload_problem, uploads
from release_sync.effects.uv.uploader import Uploader
from release_sync.effects.uv.version import SUPPORTED
from release_sync.errors import Problem, Unanswered
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from devclikit.children import Start
    from release_sync.effects.isolation.isolation import Isolation

PLAIN = {"NO_COLOR": "1", "COLUMNS": "10000"}
"""What makes uv write to be read by a program: no colour, and no line broken in two."""

SECONDS = 900
"""How long one call of uv may take."""


class Uv:
    """The uv program, looked for when it is first needed."""

    def __init__(
        self,
        environ: Mapping[str, str] | None = None,
        uploads: Path | None = None,
        isolation: Isolation = NO_ISOLATION,
    ) -> None:
        """Run uv in an environment; None is this process's own.

        ``uploads`` is the file by which others see that an upload is going on (``process_lock``).
        What uv may build while it locks or installs is kept apart as ``isolation`` can.
        """
        self.environ = dict(environment() if environ is None else environ)
        self.children = Children()
        self.uploads = uploads
        self.isolation = isolation
        self._own: list[str] = []
        self._asking = Lock()

    def isolated(self, isolation: Isolation) -> Uv:
        """Return the same, with what uv builds kept apart as ``isolation`` can."""
        found = copy(self)
        found.isolation = isolation
        return found

    @property
    def program(self) -> str:
        """The program: from PATH, or the one installed beside us. Raises Problem."""
        return find_uv(self.environ.get("PATH"))

    def problem(self) -> Problem | None:
        """Return why uv can't be run, or why a release does not run on it, if so."""
        try:
            return SUPPORTED.problem(self.version())
        except Problem as problem:
            return problem

    def version(self) -> str:
        """Return what uv says of its version. Raises Problem where it does not run."""
        return self.run(["--version"], Path.cwd(), "uv does not run")

    def check_lock(self, folder: Path, whole: Path, *python: str) -> None:
        """Check with uv that a folder's ``uv.lock`` is up to date. Raises Problem with its output.

        What it builds for that is below ``whole``; it may be told which ``--python``.
        """
        line = ["lock", "--check", "--quiet", *python]
        self.run(line, folder, "uv.lock is not up to date", writes=whole)

    def publish(
        self,
        files: Sequence[Path],
        url: str,
        folder: Path,
        begun: Callable[[str], None] = to_nobody,
        who: Callable[[], Uploader] = Uploader,
        told: Mapping[str, str] | None = None,
    ) -> None:
        """Upload files. Credentials come from where uv looks for them, never from argv.

        ``url`` is the upload address; empty means uv's own default. ``begun`` is told the name of
        each file that uv says it is uploading; ``who`` uploads is asked when it failed; ``told``
        are the credentials, as variables, that uv would not find by itself. Raises
        Refused when the index said no (Taken when it has the name already, Partly when it took some
        files before that), Unanswered when what happened is not known.
        """
        # The address goes the way of the environment, for it may carry credentials.
        environ = {**UPLOADS, "UV_PUBLISH_URL": url} if url else UPLOADS
        # uv takes paths for patterns.
        line = ["publish", "--no-progress", *(escape(str(file)) for file in files)]
        with nullcontext() if self.uploads is None else uploading(self.uploads) as seen:
            inherited = () if seen is None else (seen,)
            known = {**_without(self.environ), **(told or {}), **environ}
            done = self._call(line, folder, known, inherited, heard=uploads(begun))
        if done.returncode:
            raise upload_problem(_said(done), who())

    def make_environment(self, folder: Path, requires: str = "", python: str = "") -> None:
        """Make an empty virtual environment of a ``python``, or for a ``Requires-Python``.

        Then it is of the Python that runs this program where that is allowed, and else of one that
        uv finds. Raises Problem.
        """
        known = python or interpreter(requires)  # where it is known, uv asks no other program
        self.run(
            ["venv", "--quiet", "--no-project", "--relocatable", "--python", known, str(folder)],
            folder.parent,
            "no environment could be made",
            writes=None
            if Path(known).is_absolute()
            else folder.parent,  # uv looks for no other one
        )

    def install(
        self,
        environment: Path,
        what: Sequence[str],
        folder: Path,
        index: str = "",
        new: Iterable[str] = (),
    ) -> None:
        """Install for a trial, with the index configuration that holds in ``folder``.

        ``index`` is looked at first, as ``UV_INDEX`` takes it; a package that it has comes from
        nowhere else. For the packages that are ``new``, uv's ``exclude-newer`` does not hold.
        """
        exempt = of_any_age(new, folder, self.environ)
        named = ", ".join(_name(one) for one in what if not one.startswith("-"))
        self.run(
            ["pip", "install", "--quiet", "--python", str(environment), *exempt, *what],
            folder,
            f"{named} can't be installed",
            writes=environment,
            **LINKED,
            **first(index, self.environ),
        )

    def run(
        self,
        arguments: list[str],
        folder: Path,
        failure: str,
        writes: Path | None = None,
        **environ: str,
    ) -> str:
        """Run uv in a folder; with ``writes`` it, and what it builds, may write there alone.

        Returns what it wrote to stdout. Raises Problem with the ``failure`` and what uv said of it.
        """
        known = {**without_upload_secrets(_without(self.environ)), **environ}
        if writes is None:
            done = self._call(arguments, folder, known)
        else:
            places = [*self.own_folders(folder), os.path.realpath(writes)]
            with writing_only(places, self.isolation) as start:
                done = self._call(arguments, folder, known, start=start)
        if done.returncode:
            raise Problem(
                f"{failure}: {causes(_said(done))}",
                hint=f"`uv {arguments[0]}` printed this: fix what it names, and try again",
            )
        return done.stdout

    def managed_pythons(self) -> Path:
        """Return the folder of the Pythons that uv installed; it may not be there."""
        done = self._call(["python", "dir"], Path.cwd(), without_upload_secrets(self.environ))
        return Path(done.stdout.strip() or os.devnull)

    def own_folders(self, folder: Path) -> list[str]:
        """Return where uv keeps what it has: its cache, and the Pythons that it installed."""
        with self._asking:  # who asks while another thread does waits for the answer
            return self._own or self._asked(folder)

    def _asked(self, folder: Path) -> list[str]:
        known = {**without_upload_secrets(_without(self.environ)), **LINKED}
        with ThreadPoolExecutor(2) as pool:
            kept = [pool.submit(self._call, [one, "dir"], folder, known) for one in KEPT]
            found = [*filter(None, (made(one.result()) for one in kept))]
        if not any(Path(one).is_relative_to(os.path.realpath(folder)) for one in found):
            self._own[:] = found  # else it is configured to be in each folder
        return found

    def _call(
        self,
        arguments: list[str],
        folder: Path,
        environ: Mapping[str, str],
        inherited: Sequence[int] = (),
        start: Start = subprocess.Popen,
        heard: Callable[[str], None] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        try:
            line, known = [self.program, *arguments], {**environ, **PLAIN}
            return self.children.run(line, folder, known, SECONDS, inherited, start, heard)
        except subprocess.TimeoutExpired as error:
            raise Unanswered(f"`uv {arguments[0]}` did not end within {SECONDS} seconds") from error
        except OSError as error:
            raise Problem(f"uv can't be run: {error}", hint=MISSING) from error


_OURS = ("UV_PUBLISH_URL", "UV_PUBLISH_CHECK_URL", "UV_PUBLISH_INDEX", "VIRTUAL_ENV")
_LOGINS = ("UV_PUBLISH_", "UV_INDEX_")


def _without(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what would send an upload elsewhere than we look for it.

    One that is empty, as of a secret that a pipeline lacks, is none: uv takes it for a login.
    """
    left = ((name, value) for name, value in environ.items() if name not in _OURS)
    return {name: value for name, value in left if value or not name.startswith(_LOGINS)}


def _said(done: subprocess.CompletedProcess[str]) -> str:
    return masked(f"{done.stdout}\n{done.stderr}")


def _name(requirement: str) -> str:
    return requirement.rpartition("/")[2]
