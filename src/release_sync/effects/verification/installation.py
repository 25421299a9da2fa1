"""The installations by which a set is tried: which there are, and what each is called."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from release_sync.effects.build.archives import is_wheel, metadata, requires_python
from release_sync.effects.uv.installed_pythons import Python, lowest_and_highest
from release_sync.effects.uv.pythons import interpreter
from release_sync.effects.verification.import_trial import trials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from release_sync.effects.verification.import_trial import Trial
    from release_sync.seals.artifact import Expected


class Installation(NamedTuple):
    """One installation: of what, as PEP 508 has it, into an environment of which Python.

    ``tried`` is what is imported and loaded then. ``sdists`` are the members that the installer
    builds from their sdists, and installs without what they require.
    """

    wanted: tuple[str, ...]
    python: Python
    extra: str = ""
    tried: tuple[Trial, ...] = ()
    sdists: tuple[str, ...] = ()

    @property
    def options(self) -> list[str]:
        """What uv is given to install it."""
        own = ["--no-deps", *(f"--no-binary={name}" for name in self.sdists)] if self.sdists else []
        return [*own, *self.wanted]

    @property
    def subject(self) -> str:
        """What it is called, but for the Python."""
        what = ", ".join(one.partition("==")[0] for one in self.wanted)
        return f"the sdist of {what}" if self.sdists else what

    def each(self) -> list[Installation]:
        """Return the same, with every sdist by itself."""
        return [
            self._replace(wanted=(one,), sdists=(name,))
            for one, name in zip(self.wanted, self.sdists, strict=True)
        ]


def installations(
    built: Mapping[Expected, Sequence[Path]], pythons: Sequence[Python]
) -> list[Installation]:
    """Return all that is tried of what was ``built``, what takes longest first.

    Of each member: on the lowest and on the highest of the ``pythons`` that it allows, without an
    extra and with each; and its sdist on those that did not build it, for the wheel was made of it.
    """
    every = [*_sdists(built, pythons), *_wheels(built, pythons)]
    return sorted(every, key=lambda one: not (one.sdists or one.extra))


def _wheels(
    built: Mapping[Expected, Sequence[Path]], pythons: Sequence[Python]
) -> Iterator[Installation]:
    for member, files in built.items():
        wheels = [file for file in files if is_wheel(file)]
        extras = sorted(metadata(wheels[0]).get("provides_extra", []))
        for extra in ("", *extras):
            what = f"{member.name}[{extra}]" if extra else member.name
            tried = tuple(trials(wheels, member.not_imported, extra))
            for python in _extremes(wheels[0], pythons):
                yield Installation((f"{what}=={member.version}",), python, extra, tried)


def _sdists(
    built: Mapping[Expected, Sequence[Path]], pythons: Sequence[Python]
) -> Iterator[Installation]:
    found: dict[Python, list[Expected]] = defaultdict(list)
    for member, files in built.items():
        wheel = next(filter(is_wheel, files))
        for python in _extremes(wheel, pythons):
            if python.program != interpreter(requires_python(wheel)):
                found[python].append(member)
    for python, members in found.items():
        wanted = tuple(f"{member.name}=={member.version}" for member in members)
        yield Installation(wanted, python, sdists=tuple(member.name for member in members))


def _extremes(wheel: Path, pythons: Sequence[Python]) -> tuple[Python, ...]:
    """Return the Pythons to try; where this machine has none, what uv finds, as for the build."""
    requires = requires_python(wheel)
    return lowest_and_highest(pythons, requires) or (Python((), requires),)
