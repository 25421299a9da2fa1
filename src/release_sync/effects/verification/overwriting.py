"""The modules of a member that something else in its environment installs, too."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from release_sync.effects.build.archives import contents, installed_at, own_information
from release_sync.effects.verification.form.wheel import MODULES
from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

NAMESPACES = (b"extend_path", b"declare_namespace")
"""What stands in each ``__init__.py`` of such a package: it does not matter whose it is."""


def overwriting(environment: Path, wheel: Path, but: Container[str]) -> Iterator[str]:
    """Yield each module of a wheel that another distribution of its environment has otherwise.

    One has overwritten the other, and which one is chance: a folder ``tests`` that is packaged by
    mistake, above all. All ``but`` some projects, by their normalised names, are looked at.
    """
    for own in environment.glob(f"lib/*/site-packages/{own_information(wheel)}"):
        ours = _recorded(own)
        for other in sorted(own.parent.glob("*.dist-info")):
            name, _, version = other.name.removesuffix(".dist-info").partition("-")
            if other == own or canonicalize_name(name) in but:
                continue
            theirs = _recorded(other)
            for path in sorted(ours.keys() & theirs.keys()):
                if ours[path] != theirs[path] and not _is_namespace(wheel, path):
                    yield f"{wheel.name}: {path} in it is another one in {name} {version}, too"


def _is_namespace(wheel: Path, path: str) -> bool:
    """Return whether a file makes its folder a namespace package of the older kinds, or may."""
    return path.endswith("/__init__.py") and any(
        word in content
        for name, content in contents(wheel)
        if installed_at(name) == path
        for word in NAMESPACES
    )


def _recorded(information: Path) -> dict[str, str]:
    """Return the hash of each module in the RECORD of what is installed (PEP 376)."""
    try:
        text = (information / "RECORD").read_text(encoding="utf-8", errors="replace")
        rows = [*csv.reader(split_lines(text))]
    except (OSError, csv.Error):
        return {}
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[0].endswith(MODULES) and row[1]}
