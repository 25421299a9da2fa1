"""Drift: places that should have one version and don't; by what HEAD, tags and an index have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.plan.availability import files
from release_sync.plan.version import parsed
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from collections.abc import Collection

    from packaging.version import Version

    from release_sync.steps.uploading.served import Served


class Drift(NamedTuple):
    """One drift: between ``members``, between HEAD and ``tags``, or between those and an ``index``.

    Or of ``pins``: what is released of a member requires what is not released of another group.

    ``about`` is the group or the member, empty for what a rule of the guardrail found.
    """

    between: str
    about: str
    words: str

    def __str__(self) -> str:
        """Return it in words."""
        return self.words


def from_tags(group: str, here: str, released: str, tag: str) -> Drift | None:
    """Return the drift of a group's version at HEAD from its latest release; None for none.

    ``tag`` names the release. A group without a version, or without a release, has nothing to be
    compared; and a development version (PEP 440, ``.devN``) stands between two releases.
    """
    ours, theirs = parsed(here), parsed(released)
    if ours is None or theirs is None or ours == theirs:
        return None
    if ours < theirs:
        words = f"{group} is at {here}, and {tag} is released"
    elif ours.is_devrelease:
        return None
    else:
        words = f"{group} is at {here}, and the latest release is {tag}"
    return Drift("tags", group, words)


def untagged(member: str, here: str, served: Served, index: str, remote: str) -> Drift | None:
    """Return the drift of what an index has of a member of which no tag is; None for none.

    Other versions than the one at HEAD may be older than the tags, or of another project.
    """
    ours = parsed(here)
    if ours is None or ours not in _versions(served):
        return None
    words = f"{index} has {member} {here}, and {remote} has no release tag"
    return Drift("index", member, words)


def from_index(
    member: str,
    served: Served,
    index: str,
    released: str,
    tag: str,
    others: Collection[str] = (),
) -> Drift | None:
    """Return the drift of what an index has of a member from its group's latest release.

    ``others`` are the versions that were released from another branch, and may be greater.
    Only for an index that has answered: what can't be asked is no drift, and nothing else either.
    """
    wanted = parsed(released)
    if served.reply is Reply.UNKNOWN or wanted is None:
        return None
    versions = _versions(served)
    if wanted not in {*map(parsed, served.versions)}:
        has = f"has {member} up to {max(versions)}" if versions else f"has no {member}"
        return Drift("index", member, f"{tag} is released, and {index} {has}")
    standing = {one for one in versions if not _is_yanked(served, one)}
    newest = max(standing - {*map(parsed, others)} | {wanted})
    if newest > wanted:
        words = f"{index} has {member} {newest}, and the latest release is {tag}"
        return Drift("index", member, words)
    return None


def _is_yanked(served: Served, version: Version) -> bool:
    """Return whether all files of a version are yanked (PEP 592): nobody is led to it any more."""
    there = files(served, str(version))
    return bool(there) and all(one in served.yanked for one in there)


def _versions(served: Served) -> list[Version]:
    """Return what an index has of a member, without development versions."""
    return [one for one in map(parsed, served.versions) if one and not one.is_devrelease]
