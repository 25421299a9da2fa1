"""The patterns of forges: which refs a rule is about."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def by_path(pattern: str, name: str) -> bool:
    """Return whether a pattern matches in which ``*`` stops at a slash, and ``**`` does not.

    So GitHub reads them (Ruby's ``File.fnmatch`` with ``FNM_PATHNAME``), and Gitea for branches.
    """
    parts = pattern.split("/")
    once = [one for at, one in enumerate(parts) if one != "**" or parts[at - 1 : at] != ["**"]]
    return _path(once, name.split("/"))


def by_star(pattern: str, name: str) -> bool:
    """Return whether a pattern matches in which ``*`` stands for anything, and all else is itself.

    So GitLab reads them.
    """
    return fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]"))


def _path(parts: Sequence[str], names: Sequence[str]) -> bool:
    if not parts:
        return not names
    if parts[0] == "**":
        return any(_path(parts[1:], names[at:]) for at in range(len(names) + 1))
    return bool(names) and fnmatchcase(names[0], parts[0]) and _path(parts[1:], names[1:])
