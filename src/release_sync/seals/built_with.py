"""What artifacts were built with: it is part of a seal, so that others build the same bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEALED_HASHES = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}")
"""The hashes that a seal holds; an index may offer others (PEP 503), which prove too little."""


class BuildRequirement(NamedTuple):
    """A distribution in a build environment: ``hashes`` are those of its files (``sha256:HEX``)."""

    name: str
    version: str
    hashes: tuple[str, ...]


class BuiltWith(NamedTuple):
    """The Python and the requirements that members were built with.

    ``key`` tells environments of one release apart: it is made of what they are asked for.
    ``python`` is an implementation and a version (``cpython 3.11.7``), ``platform`` as
    ``sysconfig.get_platform`` has it. Requirements are sorted by name.
    """

    key: str
    python: str
    platform: str
    requirements: tuple[BuildRequirement, ...] = ()


def differences(sealed: Sequence[BuiltWith], built: Sequence[BuiltWith]) -> tuple[str, ...]:
    """Return in words how the environments of a rebuild differ from those of a seal."""
    before, now = ({one.key: one for one in many} for many in (sealed, built))
    found = [
        words
        for key, one in before.items()
        for words in (_compared(one, now[key]) if key in now else ["other build requirements"])
    ]
    return tuple(dict.fromkeys(found))


def _compared(one: BuiltWith, other: BuiltWith) -> Iterator[str]:
    for before, now in ((one.python, other.python), (one.platform, other.platform)):
        if before != now:
            yield f"{before} → {now}"
    versions, there = ({each.name: each.version for each in env.requirements}
                       for env in (one, other))  # fmt: skip
    for name in sorted(versions.keys() | there.keys()):
        if versions.get(name) != there.get(name):
            yield f"{name} {versions.get(name, 'none')} → {there.get(name, 'none')}"
