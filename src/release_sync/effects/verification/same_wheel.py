"""The wheel that an sdist makes, beside the one that the tree makes: users get the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.effects.build.archives import checksums, entry_points, metadata, names
from release_sync.effects.verification.packaged_modules import checksums_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from release_sync.trees.tree import Tree

SHOWN = 5
"""How many paths are named."""


def unlike(wheel: Path, of_tree: Path, tree: Tree, folder: str) -> Iterator[str]:
    """Yield what tells the wheel of an sdist from the one that was made of the tree itself.

    ``folder`` is the member's in its ``tree``. A backend may write files of its own (a module with
    the version and the commit in it), and these may differ; what git has may not, and nothing may
    be missing. Of the metadata, what an installer goes by must be the same.
    """
    ours, theirs = (_installed(one) for one in (wheel, of_tree))
    if missing := sorted(theirs.keys() - ours.keys()):
        yield f"lacks {some(missing)}, which a wheel made of the tree has: the sdist leaves it out"
    known = checksums_below(tree, folder)
    added = sorted(one for one in ours.keys() - theirs.keys() if ours[one] in known)
    if added:
        yield f"has {some(added)}, which a wheel made of the tree has not"
    changed = [
        one
        for one in sorted(ours.keys() & theirs.keys())
        if ours[one] != theirs[one] and theirs[one] in known
    ]
    if changed:
        yield f"has another {some(changed)} than the tree: the sdist changes it"
    yield from _unlike_metadata(wheel, of_tree)


def _unlike_metadata(wheel: Path, of_tree: Path) -> Iterator[str]:
    ours, theirs = metadata(wheel), metadata(of_tree)
    same = {
        "Requires-Dist": _same(ours.get("requires_dist", []), theirs.get("requires_dist", [])),
        "Provides-Extra": _same(ours.get("provides_extra", []), theirs.get("provides_extra", [])),
        "Requires-Python": ours.get("requires_python") == theirs.get("requires_python"),
        "entry points": _same(entry_points(wheel), entry_points(of_tree)),
    }
    for what in (what for what, equal in same.items() if not equal):
        yield f"has other {what} than a wheel made of the tree"


def _same(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    return sorted(ours) == sorted(theirs)


def _installed(wheel: Path) -> dict[str, int]:
    """Return the checksum of each file that is installed, but for what describes the wheel."""
    sums = checksums(wheel)
    return {
        name: sums.get(name, 0)
        for name in names(wheel)
        if not name.endswith("/") and ".dist-info/" not in name
    }


def some(paths: list[str]) -> str:
    """Return some paths, and how many more there are."""
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return f"{', '.join(paths[:SHOWN])}{more}"
