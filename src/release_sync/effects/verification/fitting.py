"""Which of several wheels an installer takes, on which Python of this machine (PEP 425)."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

from release_sync.effects.build.archives import is_wheel, requires_python
from release_sync.effects.uv.installed_pythons import Python, lowest_and_highest
from release_sync.effects.verification.siblings import needing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from release_sync.seals.artifact import Expected


def best(wheels: Sequence[Path], python: Python) -> Path | None:
    """Return the wheel that an installer takes on a Python; None where none fits.

    What is known of a Python that is still to be found is that it takes wheels for any.
    """
    ranks = _ranks(python.release[:2])
    known = [(rank, wheel) for wheel in wheels if (rank := _rank(wheel, ranks)) is not None]
    return min(known, key=lambda one: one[0])[1] if known else None


def _rank(wheel: Path, ranks: Mapping[Tag, int]) -> int | None:
    tags = parse_wheel_filename(wheel.name)[3]
    return min((ranks[tag] for tag in tags if tag in ranks), default=None)


@lru_cache
def _ranks(release: tuple[int, ...]) -> Mapping[Tag, int]:
    """Return the tags that a Python of this machine takes, each with its rank."""
    if not release:
        return {Tag("py3", "none", "any"): 0}
    name = f"cp{''.join(map(str, release))}"
    tags = (*cpython_tags(release), *compatible_tags(release, name))
    return {tag: rank for rank, tag in reversed([*enumerate(tags)])}


def is_for_any(files: Sequence[Path]) -> bool:
    """Return whether one of a member's wheels is for any Python 3, on any machine."""
    return best(list(filter(is_wheel, files)), Python((), "")) is not None


def taking(
    built: Mapping[Expected, Sequence[Path]], pythons: Sequence[Python]
) -> dict[str, list[Python]]:
    """Return for each member the Pythons that take a wheel of it, and of all that it needs."""
    wheels = {member.name: list(filter(is_wheel, files)) for member, files in built.items()}
    found: dict[str, list[Python]] = {name: [] for name in wheels}
    for python in pythons:
        unfit = [name for name, own in wheels.items() if best(own, python) is None]
        fit = {name: own for name, own in wheels.items() if name not in unfit}
        waiting = needing(unfit, fit) if unfit else []
        for name in fit.keys() - {*waiting}:
            found[name].append(python)
    return found


def pythons_for(wheels: Sequence[Path], pythons: Sequence[Python]) -> tuple[Python, ...]:
    """Return the Pythons on which wheels of one member are tried.

    These are the lowest and the highest that its metadata allow, and one for each wheel that is
    taken on neither.
    """
    requires = requires_python(wheels[0])
    ends = lowest_and_highest(pythons, requires)
    tried = {best(wheels, one) for one in ends}
    more = []
    for one in pythons:
        wheel = best(wheels, one)
        if wheel not in tried and lowest_and_highest([one], requires):
            tried.add(wheel)
            more.append(one)
    return tuple(sorted((*ends, *more)))


def largest_set(
    built: Mapping[Expected, Sequence[Path]], pythons: Sequence[Python]
) -> tuple[str, list[Path]]:
    """Return the program of the Python that takes most members, and their wheels on it.

    Of several it is the one that runs this, else the highest. No wheel is returned where none fits.
    """
    wheels = {member.name: list(filter(is_wheel, files)) for member, files in built.items()}
    requires = ",".join({requires_python(own[0]) for own in wheels.values()} - {""})
    allowed = [one for one in pythons if lowest_and_highest([one], requires)]
    on = taking(built, allowed)
    members = {one: [name for name, some in on.items() if one in some] for one in allowed}
    ours = [one for one in allowed if one.program == sys.executable]
    chosen = max((*ours, *reversed(allowed)), key=lambda one: len(members[one]), default=None)
    if chosen is None:
        return "", []
    return chosen.program, [wheel for name in members[chosen]
                            if (wheel := best(wheels[name], chosen))]  # fmt: skip
