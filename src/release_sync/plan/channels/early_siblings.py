"""Pre-releases of siblings: an installer takes one only where a requirement names a pre-release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from release_sync.plan.version import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from release_sync.seals.artifact import Expected
    from release_sync.steps.uploading.served import Served


def early_notes(members: Iterable[Expected], served: Mapping[str, Served]) -> Iterator[str]:
    """Yield which members of a release are installed with an earlier sibling, and why (PEP 440).

    An exact pin on a pre-release admits it, and so does a range that names one (`>=1.3.0rc1,<2`).
    Any other range leads to the latest final version that an index has.
    """
    released = {one.name: one for one in members}
    for one in released.values():
        for text in one.requires:
            found = _taken_instead(text, released, served)
            if found:
                yield (
                    f"installers take {found} with {one.name} {one.version}: {text} names no"
                    " pre-release"
                )


def _taken_instead(
    text: str, released: Mapping[str, Expected], served: Mapping[str, Served]
) -> str:
    """Return the sibling that is taken in place of the released one; ``""`` for none."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return ""
    sibling = released.get(canonicalize_name(requirement.name))
    ours = parsed(sibling.version) if sibling else None
    if sibling is None or ours is None or not ours.is_prerelease:
        return ""
    if requirement.url or requirement.specifier.prereleases:
        return ""
    versions = served[sibling.name].versions if sibling.name in served else ()
    finals = [one for one in map(parsed, versions) if one and not one.is_prerelease]
    taken = max(requirement.specifier.filter(finals), default=None)
    return f"{sibling.name} {taken}" if taken else ""
