"""The verification of a set: all its wheels installed together, and imported."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from release_sync.effects.build.archives import entry_points, modules_of, requires_python
from release_sync.effects.verification.import_trial import ImportTrial, Trial, importing, loading
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from release_sync.effects.uv.commands import Uv
    from release_sync.steps.observed import Report


def set_failures(
    uv: Uv,
    wheels: Sequence[Path],
    tried: Sequence[Trial],
    folder: Path,
    workspace: Path,
    index: str,
    hidden: tuple[str, ...] = (),
    report: Report = to_nobody,
) -> list[str]:
    """Install the wheels together in a clean environment under ``folder``, and try what is in them.

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
    return import_failures(uv, environment, tried, hidden, report)


def trials(wheels: Iterable[Path], but: Iterable[str]) -> list[Trial]:
    """Return what is tried of some wheels: each module, and each entry point.

    All ``but`` what is in some packages.
    """
    below = tuple(f"{one}." for one in but)
    every = list(wheels)
    modules = {module for wheel in every for module in modules_of(wheel)}
    points = {one for wheel in every for one in entry_points(wheel)}
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
