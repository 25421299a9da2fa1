"""An edit as a diff."""

from __future__ import annotations

import difflib


def difference(path: str, before: bytes, after: bytes) -> list[str]:
    """Return an edit as a unified diff."""
    return list(
        difflib.unified_diff(
            before.decode("utf-8", "replace").splitlines(),
            after.decode("utf-8", "replace").splitlines(),
            f"a/{path}",
            f"b/{path}",
            lineterm="",
            n=1,
        )
    )
