"""The verification of wheels and sdists: each alone, and all installed and imported as a set."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from packaging.metadata import RawMetadata, parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from release_sync.effects.secrets import last_lines, masked, without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from release_sync.effects.processes import Children
    from release_sync.effects.uv.commands import Uv
    from release_sync.steps.ports import Expected

IMPORT_SECONDS = 120
"""How long importing the released packages may take."""

_TOP_LEVEL = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:/__init__)?\.py")


def failures(expected: Expected, files: Sequence[Path]) -> list[str]:
    """Return all that is wrong with the artifacts of one member, each file on its own."""
    wheels = [file for file in files if file.suffix == ".whl"]
    sdists = [file for file in files if file.name.endswith(".tar.gz")]
    found = []
    if not wheels:
        found.append(f"{expected.name}: no wheel was built")
    if len(sdists) != 1:
        found.append(f"{expected.name}: {len(sdists)} sdists were built, and not one")
    for file in files:
        problems = [*_name_failures(expected, file), *_content_failures(expected, file)]
        found.extend(f"{file.name}: {problem}" for problem in problems)
    return found


def set_failures(
    uv: Uv, wheels: Sequence[Path], folder: Path, workspace: Path, index: str
) -> list[str]:
    """Install the wheels together in a clean environment under ``folder``, and import them.

    What is outside of them comes from ``index`` (as ``UV_INDEX`` takes it), where siblings of other
    groups are, before the indexes that ``workspace`` configures: a name that a stranger has
    elsewhere is not taken from there. Raises Problem when they can't be installed.
    """
    requires = {requires_python(wheel) for wheel in wheels}
    environment = folder / "environment"
    uv.make_environment(environment, ",".join(sorted(filter(None, requires))))
    uv.install(environment, [str(wheel) for wheel in wheels], workspace, index)
    modules = sorted({module for wheel in wheels for module in modules_of(wheel)})
    return import_failures(uv.children, environment, modules, folder)


def import_failures(
    children: Children, environment: Path, modules: Sequence[str], folder: Path
) -> list[str]:
    """Import each module in an environment, isolated from everything else (``python -I``).

    Each has a process of its own, and as many run at once as there are processors.
    """

    def failure(module: str) -> str:
        line = [str(environment / "bin" / "python"), "-I", "-c", f"import {module}"]
        environ = without_secrets(os.environ)
        try:
            done = children.run(line, folder, environ, IMPORT_SECONDS)
        except subprocess.TimeoutExpired:
            return f"import {module} did not end within {IMPORT_SECONDS} seconds"
        words = last_lines(masked(done.stderr), 2)
        return f"import {module} fails: {words}" if done.returncode else ""

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            return [words for words in pool.map(failure, modules) if words]
        except BaseException:
            children.stop()  # the pool waits for whatever is at work
            raise


def modules_of(wheel: Path) -> tuple[str, ...]:
    """Return the modules at the top level of a wheel: packages with an ``__init__``, and files."""
    with zipfile.ZipFile(wheel) as archive:
        matches = (_TOP_LEVEL.fullmatch(name) for name in archive.namelist())
        return tuple(sorted({found[1] for found in matches if found}))


def requires_python(wheel: Path) -> str:
    """Return ``Requires-Python`` of a wheel; empty when it has none."""
    return _metadata(wheel).get("requires_python", "")


def _name_failures(expected: Expected, file: Path) -> list[str]:
    """Compare a file's name with what it must be (wheel specification; PEP 625 for sdists)."""
    try:
        if file.suffix == ".whl":
            name, version, _, _ = parse_wheel_filename(file.name)
        else:
            name, version = parse_sdist_filename(file.name)
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        return [str(error)]
    found = []
    if name != expected.name:
        found.append(f"is of {name}, and should be of {expected.name}")
    if version != Version(expected.version):
        found.append(f"is version {version}, and should be {expected.version}")
    normal = f"{expected.name.replace('-', '_')}-{version}.tar.gz"
    if file.suffix != ".whl" and file.name != normal:
        found.append(f"should be called {normal} (PEP 625)")
    return found


def _content_failures(expected: Expected, file: Path) -> list[str]:
    try:
        metadata = _metadata(file)
        twice = _twice(file)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, tarfile.TarError) as error:
        return [f"can't be read: {error}"]
    found = [f"holds {name} twice" for name in twice]
    if canonicalize_name(metadata.get("name", "")) != expected.name:
        found.append(f"its metadata say Name: {metadata.get('name')}")
    if not _same(metadata.get("version", ""), expected.version):
        found.append(f"its metadata say Version: {metadata.get('version')}")
    present = [_parsed(text) for text in metadata.get("requires_dist", [])]
    for text in expected.requires:
        wanted = Requirement(text)
        if not any(_says(one, wanted) for one in present if one is not None):
            found.append(f"its metadata lack Requires-Dist: {wanted.name}{wanted.specifier}")
    return found


def _says(one: Requirement, wanted: Requirement) -> bool:
    same = canonicalize_name(one.name) == canonicalize_name(wanted.name)
    return same and one.specifier == wanted.specifier


def _metadata(file: Path) -> RawMetadata:
    """Read the core metadata. Raises KeyError when there are none."""
    return parse_email(_metadata_bytes(file))[0]


def _metadata_bytes(file: Path) -> bytes:
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as archive:
            name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            return archive.read(name)
    with tarfile.open(file) as archive:
        top = file.name.removesuffix(".tar.gz")
        member = archive.extractfile(f"{top}/PKG-INFO")
        if member is None:
            raise KeyError(f"{top}/PKG-INFO")
        return member.read()


def _twice(file: Path) -> list[str]:
    """Return names that a wheel holds more than once; an index refuses such a wheel."""
    if file.suffix != ".whl":
        return []
    with zipfile.ZipFile(file) as archive:
        return [name for name, count in Counter(archive.namelist()).items() if count > 1]


def _same(left: str, right: str) -> bool:
    try:
        return Version(left) == Version(right)
    except InvalidVersion:
        return False


def _parsed(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None
