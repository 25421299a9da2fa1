"""Where members are installed by themselves, each with what it requires, and nothing else."""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from release_sync.effects.scratch import remove
from release_sync.effects.uv.cell import LINKED
from release_sync.effects.uv.outside import outside
from release_sync.effects.uv.resolving import pinned
from release_sync.effects.uv.settings import settings_in
from release_sync.effects.verification.import_trial import ImportTrial
from release_sync.effects.verification.overlay import make_overlay
from release_sync.effects.verification.overwriting import overwriting
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.uv.installed_pythons import Python
    from release_sync.effects.verification.installation import Installation
    from release_sync.effects.verification.place import Place
    from release_sync.seals.artifact import Expected

ENVIRONMENT = "environment"
"""The folder of a trial's environment, in the folder where uv works for it."""

LACKING = re.compile(r"in the cache|[Nn]etwork (?:was|connectivity is) disabled")
"""How uv says that it has not all that it needs, and may not ask for it."""

INSTALLED_NOT = "can't be installed"


class CleanPlace:
    """Environments in which no setting of the workspace holds."""

    def __init__(self, uv: Uv, built: Mapping[Expected, Sequence[Path]], place: Place) -> None:
        """Make an overlay of what was ``built``."""
        self.uv = uv
        self.place = place
        files = {member.name: found for member, found in built.items()}
        self.released = files.keys()
        folder = Path(tempfile.mkdtemp(dir=place.folder, prefix="overlay-"))
        overlay = make_overlay(folder, files, place.withheld)
        first = [overlay, *filter(None, [place.index])]
        found = outside(settings_in(place.root, uv.environ), place.root, uv.environ, first)
        self.environ = {**LINKED, **found}
        self.free: dict[Python, list[Path]] = defaultdict(list)
        self.asked: dict[Python, Future[frozenset[str] | None]] = {}

    def ask(self, every: Sequence[Installation], pool: Executor) -> None:
        """Begin to ask the indexes once, for each Python, of all wanted, and keep which packages.

        uv has their pages then, and installs without asking again: many indexes let nothing be
        kept for as long as a verification lasts. Where all of it together can't be resolved, it
        asks each time. Meanwhile sdists are built, which need none of it.
        """
        wanted: dict[Python, set[str]] = defaultdict(set)
        for one in every:
            if not one.sdists:
                wanted[one.python].update(one.wanted)
        for python, found in wanted.items():
            if len(found) > 1:
                self.asked[python] = pool.submit(self._packages, python, found)

    def _packages(self, python: Python, requirements: set[str]) -> frozenset[str] | None:
        folder = Path(tempfile.mkdtemp(dir=self.place.folder, prefix="together-"))
        (folder / "uv.toml").touch()
        given, found = folder / "wanted.txt", folder / "found.txt"
        given.write_text("".join(f"{one}\n" for one in sorted(requirements)), encoding="utf-8")
        line = ["pip", "compile", "--quiet", "--no-universal", "--no-header", "--no-annotate"]
        line += ["--python", str(python.program), "--output-file", str(found), str(given)]
        try:
            self.uv.run(line, folder, "", writes=folder, **self.environ)
        except Problem:
            return None  # each by itself says more
        return frozenset(pinned(found.read_text(encoding="utf-8")))

    def failures(self, one: Installation) -> list[tuple[Installation, str]]:
        """Install, import and load; return what is wrong, and of which installation."""
        with self._folder(one.python) as folder:
            try:
                environment = self._installed(one, folder)
            except Problem as problem:
                if len(one.sdists) <= 1:
                    return [(one, problem.message)]
            else:
                trial = ImportTrial(self.uv, environment, self.place.hidden)
                found = [words for words in trial.failures(one.tried) if words]
                if one.wheel is not None:
                    found += overwriting(environment, one.wheel, self.released)
                return [(one, words) for words in found]
        return [words for each in one.each() for words in self.failures(each)]

    @contextmanager
    def _folder(self, python: Python) -> Iterator[Path]:
        """Yield a folder that holds no environment yet, of the same path as one before if it can.

        uv asks the Python of an environment what it is, but at each path only once (40 ms).
        """
        free = self.free[python]
        folder = free.pop() if free else Path(tempfile.mkdtemp(dir=self.place.folder))
        (folder / "uv.toml").touch()  # so that uv looks no further up for a workspace
        try:
            yield folder
        finally:
            remove(folder / ENVIRONMENT)
        if not (folder / ENVIRONMENT).exists():
            free.append(folder)

    def _installed(self, one: Installation, folder: Path) -> Path:
        """Return the environment: made of what uv has since it asked, if that does."""
        asked = self._asked(one)
        if asked is None:
            return self._made(one, folder)
        try:
            environment = self._made(one, folder, "--offline")
        except Problem as problem:
            if one.sdists and not LACKING.search(problem.message):
                raise
        else:
            if one.sdists or asked.issuperset(packages_in(environment)):
                return environment
        remove(folder / ENVIRONMENT)
        return self._made(one, folder)

    def _asked(self, one: Installation) -> frozenset[str] | None:
        """Return the packages that the indexes were asked for; None where it has to be done yet.

        What an sdist is built with they were asked for when it was made, if that was here.
        """
        if one.sdists:
            return None if self.place.elsewhere else frozenset()
        asking = self.asked.get(one.python)
        return asking.result() if asking else None

    def _made(self, one: Installation, folder: Path, *options: str) -> Path:
        environment = folder / ENVIRONMENT
        self.uv.make_environment(environment, python=one.python.program)
        line = ["pip", "install", "--quiet", "--python", str(environment), *options, *one.options]
        self.uv.run(line, folder, INSTALLED_NOT, writes=environment, **self.environ)
        return environment


def packages_in(environment: Path) -> set[str]:
    """Return the normalised names of what is installed in an environment (PEP 376)."""
    found = environment.glob("lib/*/site-packages/*.dist-info")
    return {canonicalize_name(one.name.partition("-")[0]) for one in found}
