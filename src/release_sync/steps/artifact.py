"""What is built, and the record of it that a seal carries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from release_sync.errors import Problem
from release_sync.lines import split_lines

FORMAT = 1
"""The version of the seal's text; a reader refuses a newer one."""


@dataclass(frozen=True, slots=True, order=True)
class Artifact:
    """One file that an index will serve: a wheel or an sdist.

    ``member`` is the normalised name (PEP 503), ``size`` is in bytes, ``sha256`` is in hex.
    """

    member: str
    filename: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an annotated tag says of a release: all that is needed to finish it anywhere.

    ``oid`` names the tag object and ``candidate`` the release commit, both in hex. ``base`` is the
    commit that the release stands on, ``levels`` the members in the order in which they are
    uploaded (those of one level don't need each other), ``holder`` the tagger as git writes it.
    """

    oid: str
    candidate: str
    base: str
    group: str
    version: str
    tag: str
    branch: str
    index: str
    levels: tuple[tuple[str, ...], ...]
    artifacts: tuple[Artifact, ...]
    holder: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        """Every member, in upload order."""
        return tuple(member for level in self.levels for member in level)

    def of(self, member: str) -> tuple[Artifact, ...]:
        """Return the artifacts of one member, the wheel before the sdist."""
        return tuple(
            sorted(
                (artifact for artifact in self.artifacts if artifact.member == member),
                key=lambda artifact: (not artifact.filename.endswith(".whl"), artifact.filename),
            )
        )


def write(sealed: Sealed, subject: str) -> str:
    """Return the message of the annotated tag: a subject, then what a machine reads."""
    lines = [
        subject,
        "",
        f"Release-Sync: {FORMAT}",
        f"Group: {sealed.group}",
        f"Version: {sealed.version}",
        f"Branch: {sealed.branch}",
        f"Base: {sealed.base}",
        f"Index: {sealed.index}",
        *(f"Level: {' '.join(level)}" for level in sealed.levels),
        *(
            f"Artifact: sha256:{one.sha256} {one.size} {one.member} {one.filename}"
            for one in sealed.artifacts
        ),
    ]
    return "\n".join(lines) + "\n"


_ARTIFACT = re.compile(
    r"sha256:([0-9a-f]{64}) ([0-9]+) ([a-z0-9-]+) ([A-Za-z0-9][A-Za-z0-9._+!-]*)"
)
_OBJECT_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def parse(oid: str, raw: str) -> Sealed:
    """Read a tag object as ``git cat-file tag`` prints it.

    Raises Problem when it is not a seal, or one of a newer format, or damaged.
    """
    headers, _, message = raw.partition("\n\n")
    head = dict(line.partition(" ")[::2] for line in split_lines(headers))
    fields: dict[str, list[str]] = {}
    for line in split_lines(message)[1:]:
        key, colon, value = line.partition(": ")
        if colon:
            fields.setdefault(key, []).append(value)
    if fields.get("Release-Sync") != [str(FORMAT)]:
        raise Problem(
            f"the tag object {oid[:12]} is not a seal that this version can read",
            hint="it was made by another tool, or by a newer release-sync: upgrade and try again",
        )
    try:
        return Sealed(
            oid=oid,
            candidate=_object_name(head["object"]),
            base=_object_name(fields["Base"][0]),
            group=fields["Group"][0],
            version=fields["Version"][0],
            tag=head["tag"],
            branch=fields["Branch"][0],
            index=fields["Index"][0],
            levels=tuple(tuple(level.split()) for level in fields["Level"]),
            artifacts=tuple(_artifact(line) for line in fields.get("Artifact", [])),
            holder=_holder(head.get("tagger", "")),
        )
    except (KeyError, ValueError) as error:
        raise Problem(f"the seal {oid[:12]} is damaged: {error}") from error


def _artifact(line: str) -> Artifact:
    found = _ARTIFACT.fullmatch(line)
    if found is None:
        message = f"not an artifact: {line!r}"
        raise ValueError(message)
    sha256, size, member, filename = found.groups()
    return Artifact(member, filename, int(size), sha256)


def _object_name(text: str) -> str:
    if _OBJECT_NAME.fullmatch(text) is None:
        message = f"not an object name: {text!r}"
        raise ValueError(message)
    return text


def _holder(tagger: str) -> str:
    """Drop the time from ``Name <mail> 1700000000 +0100``."""
    return tagger.rpartition(">")[0] + ">" if ">" in tagger else tagger
