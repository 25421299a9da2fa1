"""The Pythons that this machine has, found without asking every script on PATH.

uv lists them by running each file that is called like one. Where these are scripts of pyenv, that
takes five seconds; so only programs are asked, one for each minor version.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from release_sync.effects.secrets import without_upload_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OLDEST = (3, 8)
"""The oldest Python that uv makes environments for (its documentation, "Platform support")."""

_PROGRAM = re.compile(r"python3\.(\d+)")
_SAYS = "import sys; print(*sys.version_info[:4]); print(sys.implementation.name)"


class Python(NamedTuple):
    """A CPython: its ``release`` (major, minor, micro), and its program."""

    release: tuple[int, ...]
    program: str

    @property
    def minor(self) -> str:
        """The version that wheels and users speak of: ``3.13``; else what was asked for."""
        return ".".join(map(str, self.release[:2])) or self.program


def installed(environ: Mapping[str, str], managed: Path) -> tuple[Python, ...]:
    """Return one final CPython of each minor version, the lowest first; ours among them.

    They are looked for on PATH, in the folder of those that uv ``managed`` to install, and in
    pyenv's. What is only a script there is passed over.
    """
    found: dict[int, str] = {sys.version_info.minor: sys.executable}
    for minor, program in _programs(environ, managed):
        found.setdefault(minor, program)
    with ThreadPoolExecutor() as pool:
        asked = pool.map(_asked, (program for _, program in sorted(found.items())))
        return tuple(one for one in asked if one is not None)


def lowest_and_highest(pythons: Iterable[Python], requires: str) -> tuple[Python, ...]:
    """Return the two that ``Requires-Python`` allows and that are furthest apart; or one, or none.

    A specifier that can't be read allows all of them: that is said elsewhere.
    """
    try:
        specifier = SpecifierSet(requires)
    except InvalidSpecifier:
        specifier = SpecifierSet()
    allowed = [one for one in pythons if specifier.contains(".".join(map(str, one.release)))]
    return (*allowed[:1], *allowed[1:][-1:])


def _programs(environ: Mapping[str, str], managed: Path) -> Iterator[tuple[int, str]]:
    pyenv = environ.get("PYENV_ROOT") or str(Path(environ.get("HOME") or Path.home(), ".pyenv"))
    folders = [Path(one) for one in environ.get("PATH", "").split(os.pathsep) if one]
    folders += sorted(managed.glob("cpython-*/bin"))
    folders += sorted(Path(pyenv, "versions").glob("*/bin"))
    for folder in folders:
        with suppress(OSError):  # PATH may name what is no folder
            for file in sorted(folder.glob("python3.*")):
                matched = _PROGRAM.fullmatch(file.name)
                if matched and int(matched[1]) >= OLDEST[1] and _is_program(file):
                    yield int(matched[1]), str(file)


def _is_program(file: Path) -> bool:
    try:
        if not file.is_file():  # a pipe would be waited for
            return False
        with file.open("rb") as opened:
            return os.access(file, os.X_OK) and opened.read(2) != b"#!"
    except OSError:
        return False


def _asked(program: str) -> Python | None:
    """Return what a program says that it is; None for what is no final CPython."""
    try:
        done = subprocess.run(
            [program, "-I", "-S", "-c", _SAYS],
            env=without_upload_secrets(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        *release, level, name = done.stdout.rstrip("\n").replace("\n", " ").split(" ")
        found = Python(tuple(map(int, release)), program)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return found if (level, name) == ("final", "cpython") else None
