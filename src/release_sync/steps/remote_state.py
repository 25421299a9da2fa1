"""The state of a release by the remote's refs: landed, or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.seals.tag_objects import UnreadableSeal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.seals.pending import Sealed
    from release_sync.seals.ref_names import RefNames
    from release_sync.steps.ports.git import Git


def has_landed(names: RefNames, sealed: Sealed, refs: Mapping[str, str]) -> bool:
    """Return whether this very seal is the tag, or stands beside the tags."""
    return sealed.oid in {refs.get(names.tag(sealed.tag)), refs.get(names.sealed(sealed.tag))}


def is_abandoned(names: RefNames, sealed: Sealed, refs: Mapping[str, str]) -> bool:
    """Return whether a version was given up. This outranks the pending ref, everywhere."""
    return any(names.abandoned(one.tag) in refs for one in sealed.groups)


def over(git: Git, names: RefNames, sealed: Sealed, refs: Mapping[str, str]) -> str:
    """Return why nothing of this version may go on, in words; empty when it may.

    A tag that is no seal does not end an upload that has begun: half of it may be on the index, so
    it is finished without the tag, or given up.
    """
    if is_abandoned(names, sealed, refs):
        return f"{sealed.name} was given up"
    if has_landed(names, sealed, refs):
        return f"{sealed.name} has landed"
    for one in sealed.groups:
        if names.sealed(one.tag) in refs or _is_seal(git, refs.get(names.tag(one.tag))):
            return f"another {one.tag} has landed"
    return ""


def taken(names: RefNames, sealed: Sealed, refs: Mapping[str, str]) -> str:
    """Return what is in the way of a seal of which nothing was sent, in words; empty for nothing.

    That is any tag of its name, unless one was there before the release: see ``tag_moved``.
    """
    if is_abandoned(names, sealed, refs):
        return f"{sealed.name} was given up"
    for one in sealed.groups:
        if names.sealed(one.tag) in refs:
            return f"{one.tag} has landed, without a tag"
        if not sealed.existing and names.tag(one.tag) in refs:
            return f"the tag {one.tag} appeared"
    return ""


def tag_moved(names: RefNames, sealed: Sealed, refs: Mapping[str, str]) -> str:
    """Return what became of the tag that was there before, in words; empty where it is the same."""
    there = refs.get(names.tag(sealed.tag))
    if not sealed.existing or there == sealed.existing:
        return ""
    was = f"from {sealed.existing[:12]} to {there[:12]}" if there else ""
    return f"the tag {sealed.tag} was {f'moved {was}' if there else 'deleted'}"


def _is_seal(git: Git, oid: str | None) -> bool:
    if oid is None:
        return False
    try:
        git.read_pending(oid)
    except UnreadableSeal:
        return False
    return True
