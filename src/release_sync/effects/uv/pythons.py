"""The Python of an environment: which one is asked for, and what it says of itself."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from release_sync.errors import Problem

_LOCKED = re.compile(r'^requires-python = "([^"]*)"$', re.MULTILINE)

_SAYS = (
    "import platform, sysconfig\n"
    "print(platform.python_implementation().lower(), platform.python_version())\n"
    "print(sysconfig.get_platform())"
)


def interpreter(requires: str) -> str:
    """Return the Python that runs this if ``Requires-Python`` allows it, else that specifier.

    uv takes either. To find one by a specifier it asks every Python on PATH, which takes as long
    as a build where these are scripts (pyenv's shims).
    """
    try:
        allowed = SpecifierSet(requires).contains(platform.python_version(), prereleases=True)
    except InvalidSpecifier:
        allowed = False
    return sys.executable if allowed else requires


def is_for_ours(lock: str) -> bool:
    """Return whether a ``uv.lock`` was made for Pythons such as the one that runs this."""
    found = _LOCKED.search(lock)
    return found is not None and interpreter(found[1]) == sys.executable


def minor_of(python: str) -> str:
    """Return the specifier of all Pythons of the minor version of ``cpython 3.11.7``."""
    return f"=={'.'.join(python.partition(' ')[2].split('.')[:2])}.*"


def described(environment: Path) -> tuple[str, str]:
    """Return what the Python of a new environment is: ``cpython 3.11.7``, and its platform.

    The platform is what ``sysconfig.get_platform`` returns. Raises Problem.
    """
    program = environment / "bin" / "python"
    if program.resolve() == Path(sys.executable).resolve():  # what it would say is known here
        name = platform.python_implementation().lower()
        return f"{name} {platform.python_version()}", sysconfig.get_platform()
    line = [str(program), "-I", "-S", "-c", _SAYS]
    try:
        done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60)
        python, system = done.stdout.rstrip().split("\n")
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise Problem(f"the Python of a new environment does not run: {error}") from error
    return python, system
