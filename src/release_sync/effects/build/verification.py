"""The verification of wheels and sdists: each alone, and all installed and imported as a set."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from release_sync.effects.build.archives import (
    UNREADABLE,
    information_folders,
    is_wheel,
    metadata,
    modules_of,
    names,
    requires_python,
)
from release_sync.effects.build.import_trial import ImportTrial
from release_sync.effects.build.packaged_modules import lacking
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.trees.paths import join
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.members import with_hatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from release_sync.effects.uv.commands import Uv
    from release_sync.steps.ports import Expected


def failures(expected: Expected, files: Sequence[Path], root: Path) -> list[str]:
    """Return all that is wrong with the artifacts of one member, each file on its own.

    ``root`` is that of the workspace from which they were built.
    """
    wheels = [file for file in files if is_wheel(file)]
    sdists = [file for file in files if file.name.endswith(".tar.gz")]
    found = []
    if not wheels:
        found.append(f"{expected.name}: no wheel was built")
    if len(sdists) != 1:
        found.append(f"{expected.name}: {len(sdists)} sdists were built, and not one")
    for file in files:
        problems = [*_name_failures(expected, file), *_content_failures(expected, file, root)]
        found.extend(f"{file.name}: {problem}" for problem in problems)
    return found


def set_failures(
    uv: Uv,
    wheels: Sequence[Path],
    modules: Sequence[str],
    folder: Path,
    workspace: Path,
    index: str,
    hidden: tuple[str, ...] = (),
) -> list[str]:
    """Install the wheels together in a clean environment under ``folder``, and import ``modules``.

    What is outside of them comes from ``index`` (as ``UV_INDEX`` takes it), where siblings of other
    groups are, before the indexes that ``workspace`` configures: a name that a stranger has
    elsewhere is not taken from there. ``hidden`` is what no import is to see. Raises Problem when
    they can't be installed.
    """
    requires = {requires_python(wheel) for wheel in wheels}
    environment = folder / "environment"
    uv.make_environment(environment, ",".join(sorted(filter(None, requires))))
    uv.install(environment, [str(wheel) for wheel in wheels], workspace, index)
    return import_failures(uv, environment, modules, hidden)


def imported(wheels: Iterable[Path], but: Iterable[str]) -> list[str]:
    """Return the modules of some wheels that are to be imported: all ``but`` some packages."""
    modules = {module for wheel in wheels for module in modules_of(wheel)}
    below = tuple(f"{one}." for one in but)
    return sorted(module for module in modules if not f"{module}.".startswith(below))


def import_failures(
    uv: Uv, environment: Path, modules: Sequence[str], hidden: tuple[str, ...]
) -> list[str]:
    """Import each module in an environment, isolated from everything else (``python -I``).

    Each has a process of its own, and as many run at once as there are processors.
    """
    trial = ImportTrial(uv, environment, hidden)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            return [words for words in pool.map(trial.failure, modules) if words]
        except BaseException:
            uv.children.stop()  # the pool waits for whatever is at work
            raise


def _name_failures(expected: Expected, file: Path) -> list[str]:
    """Compare a file's name with what it must be (binary distribution format; PEP 625 for sdists).

    uv passes over a file whose name is not normal, and calls that a success (measured with
    uv 0.13.9): to the last letter it must be what uv expects.
    """
    found: list[str] = []
    version = _of_file(expected, file, found)
    normal = f"{expected.name.replace('-', '_')}-{version or Version(expected.version)}"
    normal += f"-{'-'.join(file.name.split('-')[2:])}" if is_wheel(file) else ".tar.gz"
    if file.name != normal:
        found.append(f"should be called {normal}, and uv does not upload it under another name")
    return found


def _of_file(expected: Expected, file: Path, found: list[str]) -> Version | None:
    """Return the version in a file's name; note what is wrong with it, and with the name."""
    try:
        if is_wheel(file):
            name, version, _, _ = parse_wheel_filename(file.name)
        else:
            name, version = parse_sdist_filename(file.name)
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        found.append(str(error))
        return None
    if name != expected.name:
        found.append(f"is of {name}, and should be of {expected.name}")
    if version != Version(expected.version):
        found.append(f"is version {version}, and should be {expected.version}")
    return version


def _content_failures(expected: Expected, file: Path, root: Path) -> list[str]:
    try:
        found = [f"holds {name} twice" for name in _twice(file)]
        if is_wheel(file):
            found.extend(_wheel_failures(expected, file, root))
        return [*found, *_metadata_failures(expected, file)]
    except UNREADABLE as error:
        return [f"can't be read: {error}"]


def _wheel_failures(expected: Expected, wheel: Path, root: Path) -> list[str]:
    folders = information_folders(wheel)
    found = [f"has several dist-info folders: {', '.join(folders)}"] if len(folders) > 1 else []
    path = join(expected.folder, MANIFEST)
    tree = WorkingTree(str(root))
    missing = lacking(wheel, tree, with_hatch(tree, parsed(path, (root / path).read_bytes())))
    if missing:
        found.append(
            f"lacks {', '.join(missing)} of {expected.name}; a wheel is built from the sdist:"
            " see what that leaves out"
        )
    return found


def _metadata_failures(expected: Expected, file: Path) -> list[str]:
    said = metadata(file)
    found = []
    if canonicalize_name(said.get("name", "")) != expected.name:
        found.append(f"its metadata say Name: {said.get('name')}")
    if not _same(said.get("version", ""), expected.version):
        found.append(f"its metadata say Version: {said.get('version')}")
    present = [_parsed(text) for text in said.get("requires_dist", [])]
    for text in expected.requires:
        wanted = Requirement(text)
        if not any(_says(one, wanted) for one in present if one is not None):
            found.append(f"its metadata lack Requires-Dist: {wanted.name}{wanted.specifier}")
    return found


def _says(one: Requirement, wanted: Requirement) -> bool:
    same = canonicalize_name(one.name) == canonicalize_name(wanted.name)
    return same and one.specifier == wanted.specifier


def _twice(file: Path) -> list[str]:
    """Return names that an archive holds more than once; an index refuses such a wheel."""
    return [name for name, count in Counter(names(file)).items() if count > 1]


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
