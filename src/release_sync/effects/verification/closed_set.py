"""The full verification of a set: each member by itself, as whoever installs it will have it.

A member is installed from an overlay of what was built, and all else from the indexes that users
have, into an environment that holds nothing but what it requires. So a sibling that it does not
require is not there, a requirement that nothing satisfies is found, and so is one that only an
override of the workspace satisfies.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from release_sync.effects.build.archives import is_wheel
from release_sync.effects.scratch import remove
from release_sync.effects.uv.cell import LINKED
from release_sync.effects.uv.installed_pythons import installed
from release_sync.effects.uv.outside import outside
from release_sync.effects.uv.resolving import pinned
from release_sync.effects.uv.settings import settings_in
from release_sync.effects.verification.fitting import is_for_any
from release_sync.effects.verification.import_trial import ImportTrial
from release_sync.effects.verification.installation import installations
from release_sync.effects.verification.overlay import make_overlay
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.uv.installed_pythons import Python
    from release_sync.effects.verification.installation import Installation
    from release_sync.effects.verification.place import Place
    from release_sync.seals.artifact import Expected
    from release_sync.steps.observed import Report

ENVIRONMENT = "environment"
"""The folder of a trial's environment, in the folder where uv works for it."""

INSTALLED_NOT = "can't be installed"


def closed_failures(
    uv: Uv,
    built: Mapping[Expected, Sequence[Path]],
    place: Place,
    report: Report,
) -> tuple[list[str], str]:
    """Install each member by itself and try what is in it; return the failures, and what was done.

    As many are at work as there are processors.
    """
    pythons = installed(uv.environ, uv.managed_pythons())
    every = installations(built, pythons, elsewhere=place.elsewhere)
    if not every:
        return [], f"nothing was installed{untried(built, (), ())}"
    clean = CleanPlace(uv, built, place)
    said: dict[tuple[str, str], list[str]] = {}
    with ThreadPoolExecutor() as asking, ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            report("ask the indexes what there is", 0, 0, "packages")
            clean.ask(every, asking)
            for number, found in enumerate(pool.map(clean.failures, every), 1):
                report("install each by itself", number, len(every), "installations")
                for one, words in found:
                    said.setdefault((one.subject, words), []).append(one.python.minor)
        except BaseException:
            uv.children.stop()  # the pool waits for whatever is at work
            raise
    done = _summary(every)
    if place.elsewhere:
        tried = {one.wheel.name for one in every if one.wheel}
        sdists = [name for one in every for name in one.sdists]
        done += untried(built, tried, sdists)
    return [_failure(*what, where) for what, where in said.items()], done


class CleanPlace:
    """Where members are installed by themselves; no setting of the workspace holds there."""

    def __init__(self, uv: Uv, built: Mapping[Expected, Sequence[Path]], place: Place) -> None:
        """Make an overlay of what was ``built``."""
        self.uv = uv
        self.place = place
        files = {member.name: found for member, found in built.items()}
        overlay = make_overlay(place.folder / "overlay", files, place.withheld)
        first = [overlay, *filter(None, [place.index])]
        found = outside(settings_in(place.root, uv.environ), place.root, uv.environ, first)
        self.environ = {**LINKED, **found}
        self.free: dict[Python, list[Path]] = defaultdict(list)
        self.asked: dict[Python, Future[frozenset[str]]] = {}

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

    def _packages(self, python: Python, requirements: set[str]) -> frozenset[str]:
        folder = Path(tempfile.mkdtemp(dir=self.place.folder, prefix="together-"))
        (folder / "uv.toml").touch()
        given, found = folder / "wanted.txt", folder / "found.txt"
        given.write_text("".join(f"{one}\n" for one in sorted(requirements)), encoding="utf-8")
        line = ["pip", "compile", "--quiet", "--no-universal", "--no-header", "--no-annotate"]
        line += ["--python", str(python.program), "--output-file", str(found), str(given)]
        try:
            self.uv.run(line, folder, "", writes=folder, **self.environ)
        except Problem:
            return frozenset()  # each by itself says more
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
                return [(one, words) for words in trial.failures(one.tried) if words]
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
        """Return the environment. Raises Problem."""
        asking = None if one.sdists else self.asked.get(one.python)
        if asking is not None and (asked := asking.result()):
            with suppress(Problem):
                environment = self._made(one, folder, "--offline")
                if asked.issuperset(packages_in(environment)):
                    return environment
            remove(folder / ENVIRONMENT)
        return self._made(one, folder)

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


def _failure(subject: str, words: str, pythons: Sequence[str]) -> str:
    return f"{subject} on Python {enumeration(pythons)}: {words}"


def _summary(every: Sequence[Installation]) -> str:
    """Return on which Pythons the members of a set were installed, and what else of them."""
    extras = {one.subject for one in every if "[" in one.subject}
    pythons, builders = (
        enumeration([one.minor for one in sorted(found)])
        for found in ({one.python for one in every}, {one.python for one in every if one.sdists})
    )
    many = "s" if len(extras) > 1 else ""
    return (
        f"each installs by itself and imports, on Python {pythons}"
        f"{f', with {len(extras)} extra{many}' if extras else ''}"
        f"{f'; the sdists build on {builders}' if builders else ''}"
    )


def untried(
    built: Mapping[Expected, Sequence[Path]],
    tried: Container[str],
    sdists: Container[str] | None = None,
) -> str:
    """Return in words which files were only looked into.

    ``tried`` are the names of wheels, ``sdists`` members whose sdist was built. Whether an sdist
    builds is asked of what is compiled alone: the wheels of all others were made of theirs.
    """
    left = [
        file.name
        for member, files in built.items()
        for file in files
        if (
            file.name not in tried
            if is_wheel(file)
            else sdists is not None and member.name not in sdists and not is_for_any(files)
        )
    ]
    return f"; only looked into, for this machine can't try them: {', '.join(left)}" if left else ""


def enumeration(names: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, or ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
