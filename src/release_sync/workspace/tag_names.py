"""The names of release tags, read back: the only place that knows how."""

from __future__ import annotations

import re

VERSION = "{version}"


def named_version(pattern: str, tag: str) -> str:
    """Return what a tag has in the place of ``{version}``; ``""`` for a tag of another form.

    ``pattern`` is what ``Workspace.tag`` returns without a version. Where it has the version more
    than once, so has the tag, each time the same. Whether it is a version is not asked.
    """
    first, *others = map(re.escape, pattern.split(VERSION))
    found = re.fullmatch(f"{first}(?P<version>.+){'(?P=version)'.join(others)}", tag)
    return found["version"] if found else ""
