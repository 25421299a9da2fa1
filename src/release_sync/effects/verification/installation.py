"""The installations by which a set is tried: which there are, and what each is called."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from release_sync.effects.build.archives import is_wheel, metadata, requires_python
from release_sync.effects.uv.installed_pythons import Python, lowest_and_highest
from release_sync.effects.uv.pythons import interpreter
from release_sync.effects.verification.fitting import best, is_for_any, pythons_for, taking
from release_sync.effects.verification.import_trial import trials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from release_sync.effects.verification.import_trial import Trial
    from release_sync.seals.artifact import Expected


class Installation(NamedTuple):
    """One installation: of what, as PEP 508 has it, into an environment of which Python.

    ``tried`` is what is imported and loaded then, of a ``wheel``. ``sdists`` are the members that
    the installer builds from their sdists, and installs without what they require.
    """

    wanted: tuple[str, ...]
    python: Python
    extra: str = ""
    tried: tuple[Trial, ...] = ()
    sdists: tuple[str, ...] = ()
    wheel: Path | None = None

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
    built: Mapping[Expected, Sequence[Path]],
    pythons: Sequence[Python],
    *,
    elsewhere: bool = False,
) -> list[Installation]:
    """Return all that is tried of what was ``built``, what takes longest first.

    Of each member: on the lowest and on the highest of the ``pythons`` that it allows, without an
    extra and with each; and its sdist on those that did not build it, for the wheel was made of it.
    Of what was built ``elsewhere``: each wheel that one of these takes, with wheels of all that it
    needs, and the sdists of what is not compiled.
    """
    if not elsewhere:
        on = {member.name: list(pythons) for member in built}
        every = [*_sdists(built, on), *_wheels(built, on)]
    else:
        on = taking(built, pythons)
        fit = {member: files for member, files in built.items() if on[member.name]}
        plain = {member: files for member, files in fit.items() if is_for_any(files)}
        every = [*_sdists(plain, on), *_wheels(fit, on)]
    return sorted(every, key=lambda one: not (one.sdists or one.extra))


def _wheels(
    built: Mapping[Expected, Sequence[Path]], on: Mapping[str, Sequence[Python]]
) -> Iterator[Installation]:
    for member, files in built.items():
        wheels = [file for file in files if is_wheel(file)]
        to_find = Python((), requires_python(wheels[0]))  # by uv, as for a build
        for python in pythons_for(wheels, on[member.name]) or (to_find,):
            wheel = best(wheels, python) or wheels[0]
            for extra in ("", *sorted(metadata(wheel).get("provides_extra", []))):
                what = f"{member.name}[{extra}]" if extra else member.name
                tried = tuple(trials([wheel], member.not_imported, extra))
                yield Installation(
                    (f"{what}=={member.version}",), python, extra, tried, wheel=wheel
                )


def _sdists(
    built: Mapping[Expected, Sequence[Path]], on: Mapping[str, Sequence[Python]]
) -> Iterator[Installation]:
    found: dict[Python, list[Expected]] = defaultdict(list)
    for member, files in built.items():
        wheel = next(filter(is_wheel, files))
        requires = requires_python(wheel)
        ends = lowest_and_highest(on[member.name], requires) or (Python((), requires),)
        for python in ends:
            if python.program != interpreter(requires):
                found[python].append(member)
    for python, members in found.items():
        wanted = tuple(f"{member.name}=={member.version}" for member in members)
        yield Installation(wanted, python, sdists=tuple(member.name for member in members))
