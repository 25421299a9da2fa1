"""Posix paths inside the workspace."""

from __future__ import annotations


def join(*parts: str) -> str:
    """Join parts, leaving out empty ones."""
    return "/".join(part.strip("/") for part in parts if part.strip("/"))


def inside(folder: str, path: str) -> str | None:
    """Return a path as seen from a folder, without dots; None when it leads out or is absolute."""
    if path.startswith("/") or "\0" in path:
        return None
    done: list[str] = []
    for part in [*folder.split("/"), *path.split("/")]:
        if part == "..":
            if not done:
                return None
            done.pop()
        elif part not in {"", "."}:
            done.append(part)
    return "/".join(done)
