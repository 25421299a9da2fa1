"""The quick verification of a set: all its wheels installed together, and imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.build.archives import requires_python
from release_sync.effects.verification.import_trial import import_failures
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.verification.import_trial import Trial
    from release_sync.effects.verification.place import Place
    from release_sync.steps.observed import Report


def set_failures(
    uv: Uv,
    wheels: Sequence[Path],
    tried: Sequence[Trial],
    place: Place,
    report: Report = to_nobody,
    python: str = "",
) -> list[str]:
    """Install the wheels together in a clean environment of a place, and try what is in them.

    What is outside of them comes from the place's index, where siblings of other groups are, before
    the indexes that the workspace configures: a name that a stranger has elsewhere is not taken
    from there. They are tried by a ``python``, or one that they allow. Raises Problem when they
    can't be installed.
    """
    requires = {requires_python(wheel) for wheel in wheels}
    place.folder.mkdir(exist_ok=True)
    environment = place.folder / "environment"
    report("install the set", 0, 0, "packages")
    uv.make_environment(environment, ",".join(sorted(filter(None, requires))), python)
    uv.install(environment, [str(wheel) for wheel in wheels], place.root, place.index)
    return import_failures(uv, environment, tried, place.hidden, report)
