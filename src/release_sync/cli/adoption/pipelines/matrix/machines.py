"""The machines and the Pythons that wheels are built on, as the tags of wheels name them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from release_sync.errors import Unreadable
from release_sync.standards.specifiers import admits

PLATFORM = re.compile(
    r"(?P<family>manylinux|musllinux|linux|macosx|win)[\w.*?\[\]!-]*?_"
    r"(?P<arch>x86_64|i686|aarch64|armv7l|ppc64le|riscv64|s390x|arm64|universal2|amd64)"
    r"|(?P<short>win32)"
)
"""A platform with its architecture, as wheels have them (PEP 425, PEP 600, PEP 656)."""

SYSTEMS = {"macosx": "macos", "win": "windows"}
"""The systems by the first word of a platform; any other one is of Linux."""

MINORS = range(8, 17)
"""The Pythons of today and tomorrow, 3.x: which of them a glob means."""


class Machine(NamedTuple):
    """What builds for one architecture of a system: ``linux``, ``macos`` or ``windows``."""

    system: str
    arch: str

    def __str__(self) -> str:
        """Return the name of its job."""
        return f"{self.system}-{self.arch}".replace("_", "-")


class Wheel(NamedTuple):
    """A wheel to be built: by which Python, as uv takes it, and as cibuildwheel calls it."""

    python: str
    identifier: str


def is_of_a_platform(glob: str) -> bool:
    """Return whether a tag is that of a wheel for one system alone."""
    return glob.rpartition("-")[2] != "any"


def machine(glob: str) -> tuple[Machine, str]:
    """Return what builds wheels of a tag, and what cibuildwheel calls the platform.

    Raises Unreadable for a glob that names no system, or no architecture.
    """
    found = PLATFORM.fullmatch(glob.rpartition("-")[2].partition(".")[0])
    if found is None:
        raise Unreadable(
            f"`artifacts` asks for {glob}, which does not say on which machine that is built",
            hint="name system and architecture, such as cp311-cp311-manylinux_*_x86_64",
        )
    if found["short"]:
        return Machine("windows", "win32"), "win32"
    family, arch = found["family"], found["arch"]
    named = "manylinux" if family == "linux" else family
    return Machine(SYSTEMS.get(family, "linux"), arch), f"{named}_{arch}"


def wheels(glob: str, requires: str) -> tuple[Wheel, ...]:
    """Return the wheels that a tag asks for, of a package that ``requires`` certain Pythons.

    A glob with a ``*`` is content with one wheel: that of the lowest Python. Raises Unreadable.
    """
    python, abi, _ = glob.split("-", 2)
    _, platform = machine(glob)
    fit = [minor for minor in MINORS if admits(requires, f"3.{minor}.99")]
    found = [
        Wheel(f"3.{minor}{kind}", f"cp3{minor}{kind}-{platform}")
        for minor in fit
        for kind in _kinds(minor, python, abi)
    ]
    if not found:
        raise Unreadable(
            f"`artifacts` asks for {glob}, which no Python makes that is known here",
            hint="name CPython, such as cp311-cp311-manylinux_*_x86_64, or write that job yourself",
        )
    is_one = abi in {"abi3", "none"} or {*"*?"} & {*python, *abi}
    return tuple(found[:1] if is_one else found)


def _kinds(minor: int, python: str, abi: str) -> tuple[str, ...]:
    """Return how a Python is called that makes such wheels: as it is, or free of its lock."""
    name = f"cp3{minor}"
    if not (fnmatchcase(name, python) or (python.startswith("py3") and abi == "none")):
        return ()
    if any(fnmatchcase(one, abi) for one in (name, "abi3", "none")):
        return ("",)
    return ("t",) if fnmatchcase(f"{name}t", abi) else ()
