"""Symbolic links, followed by hand so that they never lead out of the workspace."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

HOPS = 40
"""As many links as Linux itself follows before it says ELOOP (path_resolution(7))."""


def resolve(path: str, target: Callable[[str], str | None]) -> str | None:
    """Return where a path leads when every link on it is followed.

    Paths are posix and relative to the workspace's root. ``target`` answers what the link at a
    path (whose folders are no links) points to, or None when no link is there. None is returned
    for what leads out of the workspace, and for a loop.
    """
    waiting = path.split("/")[::-1]
    done: list[str] = []
    hops = 0
    while waiting:
        part = waiting.pop()
        if part in {"", "."}:
            continue
        if part == "..":
            if not done:
                return None
            done.pop()
            continue
        link = target("/".join([*done, part]))
        if link is None:
            done.append(part)
            continue
        hops += 1
        if hops > HOPS or link.startswith("/"):
            return None
        waiting.extend(link.split("/")[::-1])
    return "/".join(done)
