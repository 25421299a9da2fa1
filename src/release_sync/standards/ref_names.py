"""The names of refs, as git takes them (git-check-ref-format(1))."""

from __future__ import annotations

import re

ODD = r"^\Z|^[-./]|//|/\.|\.\.|[\x00-\x20\x7f~^:?*\[\\]|\.lock(?:/|\Z)|[./]\Z"
"""What no name of a ref has; a ``-`` at the start is git's options'."""


ODD_GLOB = ODD.replace("*", "")
"""The same of a glob of names, in which a ``*`` stands for anything but a slash."""


REFLOG = r"@\{|^HEAD\Z"
"""What git reads as something else than a name."""


WAITING = r"^refs/(?!(?:heads|tags|remotes)\Z)."
"""Below ``refs/``, and not where git keeps all branches, tags or remotes."""


def is_invalid_ref(name: str) -> bool:
    """Return whether a name, or a template of one, can't be a ref's or a part of it."""
    return re.search(ODD, name) is not None


def is_matched(name: str, glob: str) -> bool:
    """Return whether a name has the form of a glob; no ``*`` matches a slash."""
    pattern = re.escape(glob).replace(r"\*", "[^/]*")
    return re.fullmatch(pattern, name) is not None
