"""The verification of artifacts, each on its own: names, content and metadata."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from release_sync.effects.build.archives import (
    LARGEST_METADATA,
    UNREADABLE,
    entries,
    entry_points,
    information_folders,
    is_wheel,
    metadata_bytes,
    names,
    own_information,
)
from release_sync.effects.verification.core_metadata import (
    LOCAL_VERSION,
    contradictions,
    metadata_failures,
)
from release_sync.effects.verification.form.record import path_failures, record_failures
from release_sync.effects.verification.form.wheel import form_failures
from release_sync.effects.verification.packaged_modules import lacking
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.trees.paths import join
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.members import with_hatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from packaging.tags import Tag

    from release_sync.seals.artifact import Expected
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

LINUX_TAG = "linux-tag"


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
    path = join(expected.folder, MANIFEST)
    manifest = parsed(path, (root / path).read_bytes())
    for file in files:
        problems = [*_name_failures(expected, file)]
        problems += _content_failures(expected, file, manifest, WorkingTree(str(root)))
        found.extend(f"{file.name}: {problem}" for problem in problems)
    if not found:
        for wheel in wheels:
            found.extend(f"{wheel.name}: {words}" for words in contradictions(wheel, sdists[0]))
    return found


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
    if version is not None and version.local and LOCAL_VERSION not in expected.accepts:
        found.append(
            f"has a local version, {version}, which public indexes refuse;"
            f' `accept = ["{LOCAL_VERSION}"]` says that this index takes it'
        )
    return found


def _of_file(expected: Expected, file: Path, found: list[str]) -> Version | None:
    """Return the version in a file's name; note what is wrong with it, and with the name."""
    try:
        if is_wheel(file):
            name, version, _, tags = parse_wheel_filename(file.name)
            found.extend(_tag_failures(expected, tags))
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


def _tag_failures(expected: Expected, tags: frozenset[Tag]) -> Iterator[str]:
    """Yield the tags that no index takes: of any Linux at all, and not of a kind (PEP 600)."""
    bare = sorted({tag.platform for tag in tags if tag.platform.startswith("linux_")})
    if bare and LINUX_TAG not in expected.accepts:
        yield (
            f"is for {', '.join(bare)}, which public indexes refuse: `auditwheel repair` makes a"
            f' manylinux wheel of it, or `accept = ["{LINUX_TAG}"]` says that this index takes it'
        )


def _size_failures(expected: Expected, file: Path) -> Iterator[str]:
    size = file.stat().st_size
    if expected.largest and size > expected.largest:
        yield f"is {size:,} bytes, and `max-file-size` is {expected.largest:,}"


def _content_failures(expected: Expected, file: Path, manifest: Manifest, tree: Tree) -> list[str]:
    found: list[str] = []
    try:
        found.extend(f"holds {name} twice" for name in _twice(file))
        found.extend(path_failures(file))
        found.extend(_size_failures(expected, file))
        if is_wheel(file):
            found.extend(_wheel_failures(expected, file, manifest, tree))
        size = len(metadata_bytes(file))
        if size > LARGEST_METADATA:  # to parse a few of these takes minutes
            return [*found, f"its metadata have {size:,} bytes, and may have {LARGEST_METADATA:,}"]
        python = manifest.project.string("requires-python")
        return [*found, *metadata_failures(expected, file, python)]
    except UNREADABLE as error:
        return [*found, f"can't be read: {error}"]


def _wheel_failures(
    expected: Expected, wheel: Path, manifest: Manifest, tree: Tree
) -> Iterator[str]:
    folders = information_folders(wheel)
    if len(folders) > 1:
        yield f"has several dist-info folders: {', '.join(folders)}"
    yield from record_failures(wheel, own_information(wheel))
    yield from form_failures(wheel)
    entry_points(wheel)  # what can't be read of them is said with all else
    missing = lacking(wheel, tree, with_hatch(tree, manifest))
    if missing:
        yield (
            f"lacks {', '.join(missing)} of {expected.name}; a wheel is built from the sdist:"
            " see what that leaves out"
        )


def _twice(file: Path) -> list[str]:
    """Return names that an archive holds more than once; an index refuses such a wheel."""
    every = (
        names(file) if is_wheel(file) else [one.name for one in entries(file) if not one.isdir()]
    )
    return [name for name, count in Counter(every).items() if count > 1]
