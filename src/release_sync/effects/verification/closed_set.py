"""The full verification of a set: each member by itself, as whoever installs it will have it.

A member is installed from an overlay of what was built, and all else from the indexes that users
have, into an environment that holds nothing but what it requires. So a sibling that it does not
require is not there, a requirement that nothing satisfies is found, and so is one that only an
override of the workspace satisfies.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.build.archives import is_wheel
from release_sync.effects.scratch import remove
from release_sync.effects.uv.installed_pythons import installed
from release_sync.effects.uv.outside import outside
from release_sync.effects.uv.settings import settings_in
from release_sync.effects.verification.fitting import is_for_any
from release_sync.effects.verification.import_trial import ImportTrial
from release_sync.effects.verification.installation import installations
from release_sync.effects.verification.overlay import make_overlay
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.verification.installation import Installation
    from release_sync.effects.verification.place import Place
    from release_sync.seals.artifact import Expected
    from release_sync.steps.observed import Report


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
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
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
        self.environ = {"UV_LINK_MODE": "symlink", **found}

    def failures(self, one: Installation) -> list[tuple[Installation, str]]:
        """Install, import and load; return what is wrong, and of which installation."""
        folder = Path(tempfile.mkdtemp(dir=self.place.folder, prefix="alone-"))
        try:
            environment = self._installed(one, folder)
        except Problem as problem:
            if len(one.sdists) > 1:
                return [words for each in one.each() for words in self.failures(each)]
            return [(one, problem.message)]
        else:
            linked = self.uv.own_folders(folder)
            trial = ImportTrial(self.uv, environment, self.place.hidden, linked)
            return [(one, words) for words in trial.failures(one.tried) if words]
        finally:
            remove(folder)

    def _installed(self, one: Installation, folder: Path) -> Path:
        """Return the environment. Raises Problem."""
        environment = folder / "environment"
        self.uv.make_environment(environment, python=one.python.program)
        (folder / "uv.toml").touch()  # so that uv looks no further up for a workspace
        line = ["pip", "install", "--quiet", "--python", str(environment), *one.options]
        self.uv.run(line, folder, INSTALLED_NOT, writes=environment, **self.environ)
        return environment


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
