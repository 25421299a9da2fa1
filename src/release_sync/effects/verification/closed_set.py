"""The verification of a set: all its wheels installed together, and imported."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from release_sync.effects.build.archives import modules_of, requires_python
from release_sync.effects.verification.import_trial import ImportTrial
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from release_sync.effects.uv.commands import Uv
    from release_sync.steps.observed import Report


def set_failures(
    uv: Uv,
    wheels: Sequence[Path],
    modules: Sequence[str],
    folder: Path,
    workspace: Path,
    index: str,
    hidden: tuple[str, ...] = (),
    report: Report = to_nobody,
) -> list[str]:
    """Install the wheels together in a clean environment under ``folder``, and import ``modules``.

    What is outside of them comes from ``index`` (as ``UV_INDEX`` takes it), where siblings of other
    groups are, before the indexes that ``workspace`` configures: a name that a stranger has
    elsewhere is not taken from there. ``hidden`` is what no import is to see. Raises Problem when
    they can't be installed.
    """
    requires = {requires_python(wheel) for wheel in wheels}
    folder.mkdir(exist_ok=True)
    environment = folder / "environment"
    report("install the set", 0, 0, "packages")
    uv.make_environment(environment, ",".join(sorted(filter(None, requires))))
    uv.install(environment, [str(wheel) for wheel in wheels], workspace, index)
    return import_failures(uv, environment, modules, hidden, report)


def imported(wheels: Iterable[Path], but: Iterable[str]) -> list[str]:
    """Return the modules of some wheels that are to be imported: all ``but`` some packages."""
    modules = {module for wheel in wheels for module in modules_of(wheel)}
    below = tuple(f"{one}." for one in but)
    return sorted(module for module in modules if not f"{module}.".startswith(below))


def import_failures(
    uv: Uv,
    environment: Path,
    modules: Sequence[str],
    hidden: tuple[str, ...],
    report: Report = to_nobody,
) -> list[str]:
    """Import each module in an environment, isolated from everything else (``python -I``).

    Each has a process of its own, and as many run at once as there are processors.
    """
    trial = ImportTrial(uv, environment, hidden)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            found = []
            for number, words in enumerate(pool.map(trial.failure, modules), 1):
                report("import", number, len(modules), "modules")
                found.append(words)
            return [words for words in found if words]
        except BaseException:
            uv.children.stop()  # the pool waits for whatever is at work
            raise
