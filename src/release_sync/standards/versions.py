"""Versions, compared as PEP 440 compares them.

Nearly all versions are written in the plain way, and decided here in a microsecond; what is
unusual is left to ``packaging``, which takes thirty milliseconds to import.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAIN = re.compile(r"([0-9]+(?:\.[0-9]+)*)((?:a|b|rc)[0-9]*)?(\.post[0-9]*)?(\.dev[0-9]*)?")

NORMAL = re.compile(
    r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*"
    r"(?:(?:a|b|rc)(?:0|[1-9][0-9]*))?(?:\.post(?:0|[1-9][0-9]*))?(?:\.dev(?:0|[1-9][0-9]*))?"
)

LIMIT = 200
"""No version is longer; and int() refuses more than 4,300 digits with a ValueError."""


def is_version(text: str) -> bool:
    """Return whether a text is a version, and nothing but one: no blanks stand around it."""
    if len(text) > LIMIT or not text.isascii() or text != text.strip():
        return False
    if PLAIN.fullmatch(text):
        return True
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - costs 30 ms

    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def normal(version: str) -> str:
    """Return a version as PEP 440 writes it: ``1.1.0rc1`` for ``v1.1.0-RC1``."""
    if NORMAL.fullmatch(version):
        return version
    from packaging.version import Version  # noqa: PLC0415 - costs 30 ms

    return str(Version(version))


def is_final(version: str) -> bool:
    """Return whether a version is neither a pre-release nor a development version (PEP 440)."""
    plain = PLAIN.fullmatch(normal(version).partition("!")[2] or normal(version))
    return plain is None or not (plain[2] or plain[4])


def is_same(one: str, other: str) -> bool:
    """Return whether two texts name the same version (``1.0`` is ``1.0.0``)."""
    return one == other or key(one) == key(other)


def key(text: str) -> object:
    """Return something equal for equal versions; a text that is no version equals only itself."""
    plain = PLAIN.fullmatch(text)
    if plain is not None and plain[0] == plain[1] and len(text) <= LIMIT:
        return _trimmed(text)
    if not is_version(text):
        return text
    from packaging.version import Version  # noqa: PLC0415 - costs 30 ms

    version = Version(text)
    if version.public == version.base_version and version.local is None and not version.epoch:
        return _trimmed(version.base_version)
    return version


def is_greater(one: str, other: str) -> bool:
    """Return whether one version comes after another; False when either is none."""
    if not (is_version(one) and is_version(other)):
        return False
    first, second = key(one), key(other)
    if isinstance(first, tuple) and isinstance(second, tuple):
        return first > second
    from packaging.version import Version  # noqa: PLC0415 - costs 30 ms

    return Version(one) > Version(other)


def greatest(versions: Iterable[str]) -> str:
    """Return the version that comes after all others; ``""`` for none. Each must be one."""
    found = {version: key(version) for version in versions}
    if all(isinstance(one, tuple) for one in found.values()):
        return max(found, key=lambda one: found[one], default="")  # type: ignore[arg-type,return-value]  # all are tuples
    from packaging.version import Version  # noqa: PLC0415 - costs 30 ms

    return max(found, key=Version)


def _trimmed(release: str) -> tuple[int, ...]:
    parts = [int(part) for part in release.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)
