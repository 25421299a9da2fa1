"""What was built elsewhere, by the names of its files: whose each is, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from release_sync.errors import Refused, with_causes
from release_sync.seals.attestation import SUFFIX, attested_by
from release_sync.seals.bundle import NAME, NOTES
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from packaging.tags import Tag

    from release_sync.seals.pending import Sealed

EVERY = "*"
"""In place of a member's name: all that are not named."""


class Wheel(NamedTuple):
    """A wheel by its name, and the tags that it is for: one name may say several (PEP 425)."""

    filename: str
    tags: frozenset[Tag]

    def matches(self, glob: str) -> bool:
        """Return whether one of its tags is meant, or all of them as they are written."""
        written = "-".join(self.filename.removesuffix(".whl").split("-")[-3:])
        return any(fnmatchcase(one, glob) for one in (written, *map(str, self.tags)))


class Sorted(NamedTuple):
    """Files by their members, and in words what was wrong with the names of others."""

    wheels: dict[str, list[Wheel]]
    sdists: dict[str, list[str]]
    strange: list[str]


def gathered(
    names: Sequence[str], sealed: Sealed, wanted: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, str], ...]:
    """Return the member and the name of each file, in the order of their upload.

    ``wanted`` are the globs of tags that a member's wheels must have (``*``: of any other member);
    without any, one wheel will do. Attestations go with the files that they are of. Raises Refused
    with all that is missing, too many, twice or of something else.
    """
    there = _sorted(names, sealed)
    found = list(there.strange)
    for member in sealed.members:
        globs = wanted.get(member, wanted.get(EVERY, ()))
        found += _of_wheels(member, there.wheels[member], globs)
        found += _of_sdists(member, there.sdists[member])
    if found:
        raise Refused(
            with_causes(f"what was built of {sealed.name} is not what should be sealed", found),
            hint=f"nothing was changed, and {sealed.name} stays reserved; `artifacts` in"
            " [tool.release-sync] says which wheels there should be",
        )
    return tuple(
        (member, name)
        for member in sealed.members
        for name in (*(one.filename for one in there.wheels[member]), *there.sdists[member])
    )


def _sorted(names: Sequence[str], sealed: Sealed) -> Sorted:
    found = Sorted(defaultdict(list), defaultdict(list), [])
    for name in sorted(names):
        try:
            if name.endswith(".whl"):
                member, version, _, tags = parse_wheel_filename(name)
                found.wheels[member].append(Wheel(name, tags))
            elif name.endswith(".tar.gz"):
                member, version = parse_sdist_filename(name)
                found.sdists[member].append(name)
            elif name.endswith(SUFFIX):
                if attested_by(name) not in names:
                    found.strange.append(f"{printable(name)} is of no file that is there")
                continue
            else:
                found.strange.append(_no_artifact(name))
                continue
        except (InvalidWheelFilename, InvalidSdistFilename):
            found.strange.append(_no_artifact(name))
            continue
        if member not in sealed.members or version != Version(sealed.version_of(member)):
            found.strange.append(f"{printable(name)} is no file of {sealed.name}")
    return found


def _of_wheels(member: str, wheels: Sequence[Wheel], globs: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with the wheels of one member."""
    if not wheels and not globs:
        yield f"{member}: no wheel is there"
    if globs:
        missing = [glob for glob in globs if not any(one.matches(glob) for one in wheels)]
        yield from (f"{member}: no wheel for {glob} is there" for glob in missing)
        more = [one for one in wheels if not any(map(one.matches, globs))]
        yield from (f"{member}: {one.filename} is for none of its platforms" for one in more)
    seen: dict[Tag, str] = {}
    for one in wheels:
        same = {seen[tag]: tag for tag in sorted(one.tags, key=str) if tag in seen}
        yield from (f"{member}: {one.filename} and {other} are both for {tag}"
                    for other, tag in same.items())  # fmt: skip
        seen |= dict.fromkeys(one.tags, one.filename)


def _of_sdists(member: str, sdists: Sequence[str]) -> Iterator[str]:
    if not sdists:
        yield f"{member}: no sdist is there"
    elif len(sdists) > 1:
        yield f"{member}: {' and '.join(sdists)} are one sdist too many"


def _no_artifact(name: str) -> str:
    of_bundle = name in {NAME, NOTES}
    what = "belongs to a bundle that is sealed" if of_bundle else "is neither wheel nor sdist"
    return f"{printable(name)} {what}"
