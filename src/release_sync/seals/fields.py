"""The fields of a seal, each validated by the document that defines it.

Whoever may push a ref may push a tag object, so every part of one is hostile input: it is what its
document says (PEP 440, 503, 427 and 625, git-check-ref-format(1)), or it is refused.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from release_sync.lines import split_lines
from release_sync.seals.artifact import Artifact
from release_sync.seals.attestation import SUFFIX, AttestationFile
from release_sync.seals.built_with import (
    SEALED_HASHES,
    BuildRequirement,
    BuiltWith,
)
from release_sync.seals.pending import Companion
from release_sync.standards.names import is_name
from release_sync.standards.ref_names import is_invalid_ref
from release_sync.standards.versions import is_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LARGEST = 4 << 20
"""How large a tag object may be, in bytes: a release of some ten thousand files."""

SECTION = "Release-Sync: "
_OBJECT_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MEMBER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ARTIFACT = re.compile(r"sha256:([0-9a-f]{64}) ([0-9]{1,18}) ([a-z0-9-]+) ([!-~]+)")
_ATTESTATION = re.compile(rf"sha256:([0-9a-f]{{64}}) ([!-~]+)\.([a-z0-9]+){re.escape(SUFFIX)}")
_ENVIRONMENT = re.compile(
    r"(?P<key>[0-9a-f]{12}) (?P<python>[a-z]{1,20} [0-9]+(?:\.[0-9]+){1,2}[a-z0-9+]{0,8})"
    r" (?P<platform>[A-Za-z0-9_.-]{1,100})"
)
_REQUIREMENT = re.compile(
    rf"(?P<key>[0-9a-f]{{12}}) (?P<name>{_MEMBER.pattern}) (?P<version>[0-9a-z.!+]{{1,100}})"
    rf"(?P<hashes>(?: (?:{SEALED_HASHES.pattern}))*)"
)
_TAGGER = re.compile(r"(?P<who>.*>) (?P<time>[0-9]{1,12}) [+-][0-9]{4}")
_SIGNATURE = "-----BEGIN "
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a cursor, turns a line round, or is no text at all."""
_LONGEST = 400
"""How long one field of a text may be that only a person reads, in characters."""


class Malformed(ValueError):  # noqa: N818 - it says what a text is
    """A part of a tag object is not what its field may hold."""


class TagText:
    """The headers of a tag object and the fields of its message."""

    def __init__(self, raw: str) -> None:
        """Parse a tag object (git-mktag(1)). Raises Malformed."""
        if len(raw) > LARGEST:
            raise Malformed(f"it is larger than {LARGEST} bytes")
        headers, _, message = raw.partition("\n\n")
        head = dict(line.partition(" ")[::2] for line in split_lines(headers))
        self.object = object_name(head.get("object", ""))
        self.kind = head.get("type", "")
        self.tag = head.get("tag", "")
        tagger = _TAGGER.fullmatch(head.get("tagger", ""))
        self.holder = "" if tagger is None else printable(tagger["who"])
        self.time = 0 if tagger is None else int(tagger["time"])
        self._fields: dict[str, list[str]] = {}
        section = message.rpartition(f"\n\n{SECTION}")[2] if f"\n\n{SECTION}" in message else ""
        self.format = split_lines(section)[0] if section else ""
        for line in split_lines(section)[1:]:
            key, colon, value = line.partition(": ")
            if not colon or line.startswith(_SIGNATURE):
                break
            self._fields.setdefault(key, []).append(value)

    def many(self, key: str) -> list[str]:
        """Return the values of a field that may be there more than once, or not at all."""
        return self._fields.get(key, [])

    def one(self, key: str) -> str:
        """Return the value of a field that is there once. Raises Malformed."""
        found = self.many(key)
        if len(found) != 1:
            raise Malformed(f"it has {len(found) or 'no'} {key}")
        return found[0]


def artifact(line: str, version: str, others: Mapping[str, str]) -> Artifact:
    """Parse `sha256:HASH SIZE MEMBER FILENAME`, for a file of that version. Raises Malformed.

    ``others`` are members of another version, each with that.
    """
    found = _ARTIFACT.fullmatch(line)
    if found is None:
        raise Malformed(f"not an artifact: {printable(line)!r}")
    sha256, size, member, filename = found.groups()
    version = others.get(member, version)
    try:
        if filename.endswith(".whl"):
            name, theirs, _, _ = parse_wheel_filename(filename)
        else:
            name, theirs = parse_sdist_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        raise Malformed(f"not the name of a wheel or an sdist: {printable(filename)!r}") from error
    if "/" in filename or name != canonicalize_name(member) or theirs != Version(version):
        raise Malformed(f"{printable(filename)!r} is no file of {member} {version}")
    return Artifact(member, filename, int(size), sha256)


def attested(artifacts: Sequence[Artifact], lines: Sequence[str]) -> tuple[Artifact, ...]:
    """Parse `sha256:HASH ARTIFACT.KIND.attestation`, for one of the artifacts. Raises Malformed."""
    found: dict[str, list[AttestationFile]] = {one.filename: [] for one in artifacts}
    for line in lines:
        match = _ATTESTATION.fullmatch(line)
        if match is None or match[2] not in found:
            raise Malformed(f"not an attestation of its files: {printable(line)!r}")
        one = AttestationFile(f"{match[2]}.{match[3]}{SUFFIX}", match[1])
        if one.filename in {other.filename for other in found[match[2]]}:
            raise Malformed(f"it has {one.filename!r} twice")
        found[match[2]].append(one)
    return tuple(replace(one, attestations=tuple(found[one.filename])) for one in artifacts)


def environments(heads: Sequence[str], lines: Sequence[str]) -> tuple[BuiltWith, ...]:
    """Parse `KEY PYTHON VERSION PLATFORM`, and for each `KEY NAME VERSION HASH…`. Raises Malformed.

    The names, versions and hashes are for uv: nothing else may stand in a requirements file.
    """
    found: dict[str, BuiltWith] = {}
    for head in heads:
        match = _ENVIRONMENT.fullmatch(head)
        if match is None or match["key"] in found:
            raise Malformed(f"not an environment: {printable(head)!r}")
        found[match["key"]] = BuiltWith(match["key"], match["python"], match["platform"])
    requirements: dict[str, list[BuildRequirement]] = {key: [] for key in found}
    for line in lines:
        match = _REQUIREMENT.fullmatch(line)
        if match is None or match["key"] not in found or not is_version(match["version"]):
            raise Malformed(f"not a build requirement: {printable(line)!r}")
        hashes = tuple(match["hashes"].split(" ")[1:])
        one = BuildRequirement(match["name"], match["version"], hashes)
        requirements[match["key"]].append(one)
    return tuple(one._replace(requirements=tuple(requirements[key])) for key, one in found.items())


def companion(line: str) -> Companion:
    """Parse `GROUP VERSION TAG OID MEMBER…`. Raises Malformed."""
    group, version, tag, oid, names = (*line.split(" ", 4), "", "", "", "")[:5]
    return Companion(
        group_name(group),
        held("Version", version, is_version),
        ref_name(tag),
        level(names),
        object_name(oid),
    )


def level(line: str) -> tuple[str, ...]:
    """Parse names of members, normalised (PEP 503), with a blank between them. Raises Malformed."""
    members = tuple(line.split(" "))
    for member in members:
        held("Level", member, lambda one: _MEMBER.fullmatch(one) is not None)
    return members


def object_name(text: str) -> str:
    """Return the name of an object in full, in hex. Raises Malformed."""
    return held("object name", text, lambda one: _OBJECT_NAME.fullmatch(one) is not None)


def group_name(text: str) -> str:
    """Return the name of a group. Raises Malformed."""
    return held("group", text, lambda one: is_name(one) and not is_invalid_ref(one))


def ref_name(text: str) -> str:
    """Return the name of a branch or a tag. Raises Malformed for what git takes for no such."""
    return held(
        "name of a ref",
        text,
        lambda one: one != "HEAD" and "@{" not in one and not is_invalid_ref(one),
    )


def held(what: str, text: str, holds: Callable[[str], bool]) -> str:
    """Return a text that holds what it should. Raises Malformed, which names ``what`` it is not."""
    if len(text) > _LONGEST or not holds(text):
        raise Malformed(f"not a {what}: {printable(text)[:80]!r}")
    return text


def printable(text: str) -> str:
    """Return a text that moves no cursor and rings no bell, short enough to be shown."""
    return visible(text)[:_LONGEST]


def visible(text: str) -> str:
    """Return a text in which nothing hides, or hides what is beside it on a screen."""
    return _CONTROL.sub("?", text)
