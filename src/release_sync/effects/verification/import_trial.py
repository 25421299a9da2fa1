"""The import of released packages, each in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.effects.build.archives import entry_points, extra_of, modules_of
from release_sync.effects.isolation import cell
from release_sync.effects.isolation.hidden import without_agents
from release_sync.effects.isolation.view import Mount, View
from release_sync.effects.secrets import indented_tail, masked, without_upload_secrets
from release_sync.lines import split_lines
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from release_sync.effects.processes import Start
    from release_sync.effects.uv.commands import Uv
    from release_sync.steps.observed import Report

MARKS = re.compile(r"[\s^~]*")
"""What Python writes below the code that failed, differently from version to version."""

SECONDS = 120
"""How long one import may take."""


class Trial(NamedTuple):
    """What is tried, as code of Python; and what is said where it ``fails``."""

    fails: str
    code: str


def importing(module: str) -> Trial:
    """Return the import of a module."""
    return Trial(f"{module} can't be imported", f"import {module}")


def loading(group: str, name: str, value: str) -> Trial:
    """Return the loading of an entry point, as whoever calls it does (importlib.metadata)."""
    made = f"EntryPoint({name!r}, {value!r}, {group!r})"
    return Trial(
        f"the entry point `{name} = {value}` ({group}) can't be loaded",
        f"from importlib.metadata import EntryPoint; {made}.load()",
    )


class ImportTrial:
    """Imports modules in an environment: isolated from everything else, and without a network."""

    def __init__(self, uv: Uv, environment: Path, hidden: tuple[str, ...]) -> None:
        """Import in a virtual ``environment``; ``hidden`` is what no import is to see."""
        self.uv = uv
        self.environment = environment
        inside = f"{cell.INSIDE}/environment" if uv.isolation.isolates else str(environment)
        self.python = f"{inside}/bin/python"
        mounts = (*interpreter(environment, hidden), Mount(str(environment), inside))
        self.view = View(mounts, hidden, cell.FRESH)

    def failure(self, trial: Trial) -> str:
        """Try something (``python -I``); return what is wrong with it, or nothing."""
        line = [self.python, "-I", "-c", trial.code]
        environ = without_agents(without_upload_secrets(os.environ))
        try:
            with TemporaryDirectory(prefix="release-sync-import-") as root:
                start = self._start(root)
                done = self.uv.children.run(line, Path("/"), environ, SECONDS, (), start)
        except subprocess.TimeoutExpired:
            return f"{trial.fails}: it did not end within {SECONDS} seconds"
        if not done.returncode:
            return ""
        said = (one for one in split_lines(masked(done.stderr)) if not MARKS.fullmatch(one))
        return f"{trial.fails}: {indented_tail(chr(10).join(said), 2)}"

    def _start(self, root: str) -> Start:
        def start(line: Sequence[str], **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - Popen's
            where, environ = options.pop("cwd"), options.pop("env")
            return self.uv.isolation.start(
                line, where, environ, self.view, Path(root).resolve(), **options
            )

        return start


def interpreter(environment: Path, hidden: Sequence[str]) -> tuple[Mount, ...]:
    """Return where the Python of an environment is installed, if that would be hidden."""
    installed = str(Path(os.path.realpath(environment / "bin" / "python")).parents[1])
    places = (*hidden, *cell.FRESH)
    below = any(Path(installed).is_relative_to(path) for path in places)
    return (Mount(installed, installed),) if below else ()


def trials(wheels: Iterable[Path], but: Iterable[str], extra: str = "") -> list[Trial]:
    """Return what is tried of some wheels: each module, and each entry point.

    All ``but`` what is in some packages. An entry point that needs an extra is tried with it alone.
    """
    below = tuple(f"{one}." for one in but)
    every = list(wheels)
    modules = {module for wheel in every for module in modules_of(wheel)}
    points = {one for wheel in every for one in entry_points(wheel) if extra_of(one[2]) == extra}
    return [
        *(importing(one) for one in sorted(modules) if not f"{one}.".startswith(below)),
        *(loading(*one) for one in sorted(points)
          if not f"{one[2].partition(':')[0].strip()}.".startswith(below)),
    ]  # fmt: skip


def import_failures(
    uv: Uv,
    environment: Path,
    tried: Sequence[Trial],
    hidden: tuple[str, ...],
    report: Report = to_nobody,
) -> list[str]:
    """Try each in an environment, isolated from everything else (``python -I``).

    Each has a process of its own, and as many run at once as there are processors.
    """
    trial = ImportTrial(uv, environment, hidden)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            found = []
            for number, words in enumerate(pool.map(trial.failure, tried), 1):
                report("import", number, len(tried), "modules")
                found.append(words)
            return [words for words in found if words]
        except BaseException:
            uv.children.stop()  # the pool waits for whatever is at work
            raise
