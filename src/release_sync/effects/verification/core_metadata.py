"""Core metadata, as an index and an installer take them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import packaging
from packaging.metadata import InvalidMetadata, Metadata, parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from release_sync.effects.build.archives import (
    is_wheel,
    metadata,
    metadata_bytes,
    names,
    own_information,
)
from release_sync.effects.verification.public_fields import untaken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from release_sync.seals.artifact import Expected

DIRECT_URL = "direct-url"
LOCAL_VERSION = "local-version"
RST = "text/x-rst"
SAID = re.compile(r"^<string>:(\d*): \(\w+/\d\) (.*)$", re.MULTILINE)
"""What docutils says of a line, or of the whole."""

SUMMARY = 512
"""How long a summary may be for warehouse (``forklift/metadata.py``)."""

BEFORE_LICENCES = frozenset({"1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3"})


def metadata_failures(expected: Expected, file: Path, python: str) -> Iterator[str]:
    """Yield what is wrong with the metadata of a wheel or an sdist.

    ``python`` is what its manifest has as ``requires-python``; empty where it says nothing.
    """
    said = metadata(file)
    if canonicalize_name(said.get("name", "")) != expected.name:
        yield f"its metadata say Name: {said.get('name')}"
    if not _same(said.get("version", ""), expected.version):
        yield f"its metadata say Version: {said.get('version')}"
    yield from _requirement_failures(expected, said.get("requires_dist", []))
    supported = said.get("requires_python", "")
    if python and not _same_range(supported, python):
        yield f"its metadata say Requires-Python: {supported or 'nothing'}, and not {python}"
    yield from _invalid(metadata_bytes(file))
    yield from untaken(said, expected.accepts)
    yield from _unrendered(said.get("description_content_type"), said.get("description", ""))
    is_older = said.get("metadata_version", "") in BEFORE_LICENCES
    yield from _licences(file, said.get("license_files", []), is_older=is_older)


def contradictions(wheel: Path, sdist: Path) -> Iterator[str]:
    """Yield what an sdist says for every wheel (PEP 643), and this one says otherwise.

    An installer goes by either, as it comes. Before Metadata-Version 2.2 an sdist promises nothing.
    """
    ours, theirs = metadata(wheel), metadata(sdist)
    if not _promises(theirs.get("metadata_version", "")):
        return
    dynamic = {one.lower() for one in theirs.get("dynamic", [])}
    same = {
        "Requires-Dist": _all(ours.get("requires_dist", []))
        == _all(theirs.get("requires_dist", [])),
        "Provides-Extra": {*ours.get("provides_extra", [])} == {*theirs.get("provides_extra", [])},
        "Requires-Python": _same_range(
            ours.get("requires_python", ""), theirs.get("requires_python", "")
        ),
    }
    for field, equal in same.items():
        if field.lower() not in dynamic and not equal:
            yield f"its {field} is another than that of its sdist, which calls it fixed (PEP 643)"


def _all(requirements: Sequence[str]) -> set[str]:
    return {str(_parsed(one) or one) for one in requirements}


def _promises(version: str) -> bool:
    try:
        return Version(version) >= Version("2.2")
    except InvalidVersion:
        return False


def _requirement_failures(expected: Expected, said: Sequence[str]) -> Iterator[str]:
    present = [one for one in map(_parsed, said) if one is not None]
    for text in expected.requires:
        wanted = Requirement(text)
        if not any(_says(one, wanted) for one in present):
            yield f"its metadata lack Requires-Dist: {wanted.name}{wanted.specifier}"
    for one in present:
        if one.url and DIRECT_URL not in expected.accepts:
            yield (
                f"requires {one.name} from an address, which public indexes refuse;"
                f' `accept = ["{DIRECT_URL}"]` says that this index takes it'
            )


def _invalid(content: bytes) -> Iterator[str]:
    """Yield what packaging's validator says, by which the public index judges.

    Older metadata may name licence files, which PEP 639 forbids: setuptools and maturin wrote that
    for years, and indexes take it.
    """
    raw, unparsed = parse_email(content)
    if raw.get("metadata_version", "") in BEFORE_LICENCES:
        raw.pop("license_files", None)
    try:
        Metadata.from_raw(raw, validate=True)
    except ExceptionGroup as group:
        yield from (
            f"its metadata are not valid: {error}{_known(error)}" for error in group.exceptions
        )
    for field in unparsed:
        yield f"its metadata are not valid: {field} is no field, or is there twice"
    length = len(raw.get("summary", ""))
    if length > SUMMARY:
        yield f"its Summary has {length} characters, and public indexes take {SUMMARY}"


def _known(error: Exception) -> str:
    """Return who may know a version of metadata that our validator does not."""
    if isinstance(error, InvalidMetadata) and error.field == "metadata-version":
        return f"; a packaging later than {packaging.__version__} may know it"
    return ""


def _unrendered(kind: str | None, text: str) -> Iterator[str]:
    """Yield why a description can't be shown, in the renderer's words; only RST can fail."""
    if not text or (kind is not None and kind.partition(";")[0].strip() != RST):
        return
    from readme_renderer import rst  # noqa: PLC0415 - 70 ms, and only for what is written in RST

    said = io.StringIO()
    try:
        shown = rst.render(text, stream=said)
    except Exception as error:  # noqa: BLE001 - docutils fails in ways that nobody lists
        yield f"its description does not render: {type(error).__name__}: {error}"
        return
    if shown is None:
        reasons = "; ".join(
            f"line {found[1]}: {found[2]}" if found[1] else found[2]
            for found in SAID.finditer(said.getvalue())
        )
        yield f"its description does not render: {reasons or 'nothing came of it'}"


def _licences(file: Path, paths: Sequence[str], *, is_older: bool) -> Iterator[str]:
    """Yield each ``License-File`` that an archive does not hold (PEP 639).

    Before that PEP, setuptools put them beside the metadata, without their folders.
    """
    held = frozenset(names(file))
    top = file.name.removesuffix(".tar.gz")
    if is_wheel(file):
        top = f"{own_information(file)}/licenses"
    for path in paths:
        beside = f"{own_information(file)}/{path.rpartition('/')[2]}" if is_older else ""
        if not {f"{top}/{path}", beside} & held:
            yield f"lacks the licence file {path} that its metadata name"


def _says(one: Requirement, wanted: Requirement) -> bool:
    same = canonicalize_name(one.name) == canonicalize_name(wanted.name)
    return same and one.specifier == wanted.specifier


def _same(left: str, right: str) -> bool:
    try:
        return Version(left) == Version(right)
    except InvalidVersion:
        return False


def _same_range(left: str, right: str) -> bool:
    try:
        return SpecifierSet(left) == SpecifierSet(right)
    except InvalidSpecifier:
        return left == right


def _parsed(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None
