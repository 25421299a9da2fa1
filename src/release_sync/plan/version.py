"""The next version: what ``uv version --bump`` would make of the present one (PEP 440)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.version import Version

from release_sync.errors import Problem, Unreadable
from release_sync.workspace.tag_names import named_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

RELEASE_LEVELS = ("major", "minor", "patch")
PRE_LEVELS = {"alpha": "a", "beta": "b", "rc": "rc"}
LEVELS = (*RELEASE_LEVELS, *PRE_LEVELS, "post", "dev", "stable")
"""Every level, in the order in which several of them are applied."""


def chosen(current: str, levels: Sequence[str], version: str | None) -> str:
    """Return the version to release: the one that was asked for, or the bumped one.

    ``levels`` may be one, several (``patch`` and ``beta``), or ``none``: the version that stands;
    without any, a pre-release is counted up, and a development version becomes the release that it
    precedes; of any other it is ``patch``. ``current`` is empty where the tag is the version, and
    none is. Raises Problem when it is not greater than the present one, Unreadable when it is no
    version.
    """
    wanted = list(levels) or [usual(current)]
    if not current and version is None:
        raise Problem(
            "cannot bump: there is no release tag yet",
            hint="give the first version with `--version`",
        )
    if wanted == ["none"]:
        return current
    if version is not None:
        target = _parse(version)
    elif not levels and _parse(current).is_devrelease:
        target = without_dev(_parse(current))
    else:
        target = bumped(_parse(current), wanted)
    if current and target == _parse(current):
        raise Problem(
            f"{current} is the current version already",
            hint="choose a greater one with `--version`; or release it as it is: `--bump none`",
        )
    if current and target < _parse(current):
        raise Problem(
            f"{target} is not greater than {current}, the current version",
            hint=_hint(wanted, version),
        )
    return str(target)


def usual(current: str) -> str:
    """Return the level of who asks for none: a pre-release (PEP 440: a, b, rc) is counted up."""
    version = parsed(current)
    pre = None if version is None or version.is_devrelease else version.pre
    return "patch" if pre is None else next(one for one in PRE_LEVELS if PRE_LEVELS[one] == pre[0])


def usable(
    version: str, levels: Iterable[str], is_given_up: Callable[[str], bool]
) -> tuple[str, tuple[str, ...]]:
    """Return the first version from this one on that was not given up, and those that were.

    The last of the ``levels`` is applied once more to each of these; where that leads nowhere, the
    version stays.
    """
    level = sorted(levels, key=LEVELS.index)[-1:] or [usual(version)]
    passed = []
    while is_given_up(version):
        following = str(bumped(_parse(version), level))
        if following == version:
            break
        passed.append(version)
        version = following
    return version, tuple(passed)


def latest(tag: str, refs: Iterable[str]) -> str:
    """Return the greatest version that a tag among some refs names; ``""`` for none.

    ``tag`` is what the tags of a group look like, with ``{version}`` in it.
    """
    return next((version for version, _ in releases(tag, refs)), "")


def releases(tag: str, refs: Iterable[str], below: str = "refs/tags/") -> list[tuple[str, str]]:
    """Return the versions that tags among some refs name, each with its ref; the greatest first.

    The same is done with names of branches that have a version in them, where these are ``below``.
    """
    found = []
    for ref in refs:
        version = parsed(named_version(f"{below}{tag}", ref))
        if version is not None:
            found.append((version, ref))
    return [(str(version), ref) for version, ref in sorted(found, reverse=True)]


def in_tag(pattern: str, tag: str) -> str:
    """Return the version in a tag of that form, as it is written there; ``""`` for none."""
    found = named_version(pattern, tag)
    return found if parsed(found) else ""


def parsed(text: str) -> Version | None:
    """Return a version (PEP 440), or None for what is none, or has more digits than a number."""
    try:
        return Version(text)
    except ValueError:
        return None


def bumped(current: Version, levels: Iterable[str]) -> Version:
    """Apply one level, or one of the release and one before it (``minor`` and ``rc``), as uv does.

    Raises Unreadable for any other set of levels.
    """
    wanted = sorted(levels, key=LEVELS.index)
    if len(wanted) > 1 and not _goes_together(wanted):
        raise Unreadable(
            f"these levels don't go together: {', '.join(wanted)}",
            hint="one of major, minor, patch; and with it one of alpha, beta, rc, dev",
        )
    for level in wanted:
        current = _bump(current, level)
    return current


def _goes_together(levels: list[str]) -> bool:
    first, *rest = levels
    return first in RELEASE_LEVELS and len(rest) == 1 and rest[0] in (*PRE_LEVELS, "dev")


def _bump(version: Version, level: str) -> Version:
    if level == "stable":
        return _made(version, version.release)
    if level in RELEASE_LEVELS:
        return _made(version, _raised(version.release, RELEASE_LEVELS.index(level)))
    if level == "post":
        post = f".post{(version.post or 0) + 1}" if version.post is not None else ".post1"
        return _made(version, version.release, _pre(version) + post)
    if level == "dev":
        dev = 1 if version.dev is None else version.dev + 1
        post = "" if version.post is None else f".post{version.post}"
        return _made(version, version.release, f"{_pre(version)}{post}.dev{dev}")
    letter = PRE_LEVELS[level]
    same = version.pre is not None and version.pre[0] == letter
    number = version.pre[1] + 1 if same and version.pre is not None else 1
    return _made(version, version.release, f"{letter}{number}")


def without_dev(version: Version) -> Version:
    """Return the release, or the pre-release, that a development version precedes."""
    post = "" if version.post is None else f".post{version.post}"
    return _made(version, version.release, f"{_pre(version)}{post}")


def _raised(release: tuple[int, ...], index: int) -> tuple[int, ...]:
    """Raise one segment and zero those behind it; ``1.2`` has a patch of 0."""
    padded = release + (0,) * (index + 1 - len(release))
    zeros = (0,) * (len(padded) - index - 1)
    return (*padded[:index], padded[index] + 1, *zeros)


def _pre(version: Version) -> str:
    return "" if version.pre is None else f"{version.pre[0]}{version.pre[1]}"


def _made(like: Version, release: tuple[int, ...], suffix: str = "") -> Version:
    epoch = f"{like.epoch}!" if like.epoch else ""
    local = f"+{like.local}" if like.local else ""
    return Version(f"{epoch}{'.'.join(map(str, release))}{suffix}{local}")


def _parse(text: str | None) -> Version:
    version = parsed(text or "")
    if version is None:
        raise Unreadable(
            f"{text!r} is not a version (PEP 440)",
            hint="write it like 1.2.3, 1.2.3rc1 or 1.2.3.post1",
        )
    return version


def _hint(levels: list[str], version: str | None) -> str:
    if version is None and levels and levels[0] in (*PRE_LEVELS, "dev"):
        return f"name the release it precedes, like `--bump patch --bump {levels[0]}`"
    return "choose a greater one with `--version`, or a level with `--bump`"
