"""The names of release tags, read back: the only place that knows how."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from release_sync.configuration.refs import VERSION_PLACE
from release_sync.configuration.values import Misconfigured
from release_sync.standards.versions import greatest, is_greater, is_version

if TYPE_CHECKING:
    from release_sync.workspace.model import Workspace

VERSION = "{version}"


class _Form(NamedTuple):
    """What tags of a pattern look like, and between which releases their versions are."""

    regex: re.Pattern[str]
    first: tuple[str, ...]
    end: tuple[str, ...]

    def has(self, version: str) -> bool:
        """Return whether a version is between them, pre-releases with the release they precede."""
        return not (self.first or self.end) or (
            is_version(version)
            and not any(is_greater(f"{one}.dev0", version) for one in self.first)
            and all(is_greater(f"{one}.dev0", version) for one in self.end)
        )


@lru_cache(maxsize=256)
def _form(pattern: str) -> _Form:
    first, *others = map(re.escape, VERSION_PLACE.sub(VERSION, pattern).split(VERSION))
    regex = re.compile(f"{first}(?P<version>.+){'(?P=version)'.join(others)}")
    bounds = VERSION_PLACE.findall(pattern)
    return _Form(regex, *(tuple(filter(None, ends)) for ends in zip(*bounds, strict=True)))


def named_version(pattern: str, tag: str) -> str:
    """Return what a tag has in the place of ``{version}``; ``""`` for a tag of another form.

    ``pattern`` is what ``Workspace.tag`` returns without a version. Where it has the version more
    than once, so has the tag, each time the same. Whether it is a version is not asked, unless the
    pattern says between which releases it is.
    """
    form = _form(pattern)
    found = form.regex.fullmatch(tag)
    return found["version"] if found and form.has(found["version"]) else ""


def before_version(pattern: str) -> str:
    """Return what stands before the version in tags of a pattern."""
    return VERSION_PLACE.split(pattern)[0]


def check_tags(workspace: Workspace) -> None:
    """Raise Misconfigured where a tag that the table gives to a group could be another group's."""
    own = {rule.name for rule in workspace.configuration.groups if rule.tag}
    named = [one.name for one in workspace.groups if one.members] if own else []
    for one, other in permutations(named, 2):
        if not own & {one, other}:
            continue
        sample = _least((workspace.tag(one), workspace.tag(other)))
        tag = workspace.tag(other, sample)
        version = named_version(workspace.tag(one), tag)
        is_possible = named_version(workspace.tag(other), tag)
        if version and is_possible and is_version(version):  # the last may import packaging
            name = other if other in own else one
            message = f"a tag such as {tag} could be one of {one} or of {other}"
            hint = (
                "put something before {version} that tells them apart, such as {group}-; or say"
                " which versions each has: {version<1} and {version>=1}"
            )
            raise Misconfigured(("groups", name, "tag"), message, hint)


def _least(patterns: tuple[str, str]) -> str:
    """Return a version that tags of both patterns have, if there is one that both can have."""
    forms = [_form(one) for one in patterns]
    firsts = [one for form in forms for one in form.first]
    return greatest(firsts) or ("0" if any(form.end for form in forms) else "1.0")
