"""The transitions of a pending ref, each as one atomic push.

A transition is a tuple of updates, each of which holds only while the ref is what it was seen to
be: all of them happen, or none (``git push --atomic --force-with-lease``). ``docs/how-it-works.md``
has the same list as a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Refused, Unanswered
from release_sync.steps.ports.git import Update

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.seals.pending import Pending, Sealed
    from release_sync.seals.ref_names import RefNames
    from release_sync.steps.ports.git import Git


def sealing(names: RefNames, sealed: Sealed, reserved: Mapping[str, str]) -> tuple[Update, ...]:
    """Return absent → reserved, absent or reserved → sealed: a pending ref for each group.

    ``reserved`` has the object name of what was reserved for each group, if anything was.
    """
    return tuple(
        Update(names.pending(one.group), one.oid, reserved.get(one.group)) for one in sealed.groups
    )


def claiming(
    names: RefNames, sealed: Sealed, before: str | None, claim: str, refs: Mapping[str, str]
) -> tuple[Update, ...]:
    """Return sealed → uploading, uploading → taken over, absent → taken over.

    Pending refs of other groups that somebody deleted (``refs``) are made again.
    """
    deleted = (one for one in sealed.companions if names.pending(one.group) not in refs)
    others = (Update(names.pending(one.group), one.oid, None) for one in deleted)
    return (Update(names.pending(sealed.group), claim, before), *others)


def withdrawing(
    names: RefNames, pending: Pending, refs: Mapping[str, str] | None = None
) -> tuple[Update, ...]:
    """Return whatever it is → absent: who may do this, and when, is decided elsewhere.

    With ``refs``, pending refs of other groups that are not of this release stay what they are.
    """
    return _removing(names, pending.sealed, pending.oid, refs)


def giving_back(names: RefNames, sealed: Sealed, claim: str) -> tuple[Update, ...]:
    """Return uploading → sealed: nothing was taken of what was sent; others may decide again."""
    return (Update(names.pending(sealed.group), sealed.oid, claim),)


def abandoning(
    names: RefNames, pending: Pending, refs: Mapping[str, str], *, here_only: bool = False
) -> tuple[Update, ...]:
    """Return uploading → absent, and the version is never used again.

    A mark that is there already (``refs``) is not made twice. With ``here_only`` the pending ref is
    gone, and only the marks are made.
    """
    marks = tuple(
        Update(names.abandoned(one.tag), one.oid, None)
        for one in pending.sealed.groups
        if names.abandoned(one.tag) not in refs
    )
    return marks if here_only else (*marks, *withdrawing(names, pending, refs))


def landing(
    names: RefNames, sealed: Sealed, claim: str, *, tagged: bool, branch: Update | None = None
) -> tuple[Update, ...]:
    """Return uploading → absent, together with each group's tag (or its place beside the tags)."""
    place = names.tag if tagged else names.sealed
    tags = (Update(place(one.tag), one.oid, None) for one in sealed.groups)
    moved = () if branch is None else (branch,)
    return (*moved, *tags, *_removing(names, sealed, claim))


def _removing(
    names: RefNames, sealed: Sealed, value: str, refs: Mapping[str, str] | None = None
) -> tuple[Update, ...]:
    first = Update(names.pending(sealed.group), None, value)
    others = (Update(names.pending(one.group), None, one.oid) for one in sealed.companions)
    return (first, *(one for one in others if refs is None or refs.get(one.ref) == one.old))


def bring_about(git: Git, updates: Sequence[Update], *, hooks: bool = False) -> None:
    """Push a transition; when its answer is lost or in doubt, the refs themselves decide.

    Each object that takes a pending ref is unlike any other, so one that is there is ours. A ref
    that is gone proves nothing: somebody else may have removed it. The same push is never sent
    again: what hangs may be carried out later, and by then others may have undone it.

    Raises Refused when it did not happen, Unanswered when nobody can say whether it did.
    """
    try:
        git.push(updates, hooks=hooks)
    except (Refused, Unanswered):
        refs = git.remote_refs()
        if refs is None or not _stands(refs, updates):
            raise


def _stands(refs: Mapping[str, str], updates: Sequence[Update]) -> bool:
    proofs = [one for one in updates if one.decides and one.new is not None]
    return bool(proofs) and all(refs.get(one.ref) == one.new for one in proofs)
