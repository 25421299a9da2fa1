"""An edit as a diff."""

from __future__ import annotations

import difflib
import hashlib

MOST = 5_000
"""So many lines of one diff are shown."""

LOOKED_AT = 8_000
"""In so many bytes git looks for a NUL, too, which no text has (gitattributes(5), "diff")."""


def difference(path: str, before: bytes, after: bytes) -> list[str]:
    """Return an edit as a unified diff, as far as somebody can read it.

    What is no text is told by its size and its hash, and of a long diff the beginning is shown.
    """
    own, new = f"a/{path}", f"b/{path}"
    if b"\0" in before[:LOOKED_AT] + after[:LOOKED_AT]:
        sha256 = hashlib.sha256(after).hexdigest()
        sizes = f"{len(before)} bytes before, {len(after)} after, with sha256 {sha256}"
        return [f"--- {own}", f"+++ {new}", f"@@ no text: {sizes} @@"]
    old, later = (one.decode("utf-8", "replace").splitlines() for one in (before, after))
    found = list(difflib.unified_diff(old, later, own, new, lineterm="", n=1))
    more = len(found) - MOST
    return [*found[:MOST], f"@@ and {more} more lines @@"] if more > 0 else found
