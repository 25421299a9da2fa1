"""Paths as they are typed: from the working directory, wherever the workspace is."""

from __future__ import annotations

import os

from release_sync.trees.git import here
from release_sync.trees.system import slashed


def from_here(root: str, path: str) -> str:
    """Return how a file of the workspace in the folder ``root`` is named in the working directory.

    One that is neither above nor below it is named in full.
    """
    at, folder = here(), slashed(os.path.realpath(root))
    whole = f"{folder}/{path}"
    is_near = f"{folder}/".startswith(f"{at}/".replace("//", "/")) or at.startswith(f"{folder}/")
    return slashed(os.path.relpath(whole, at)) if is_near else whole
