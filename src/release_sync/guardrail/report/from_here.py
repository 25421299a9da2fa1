"""Paths as they are typed: from the working directory, wherever the workspace is."""

from __future__ import annotations

import os

from release_sync.trees.git import here


def from_here(root: str, path: str) -> str:
    """Return how a file of the workspace in the folder ``root`` is named in the working directory.

    One that is neither above nor below it is named in full.
    """
    at, folder = here(), os.path.realpath(root)
    whole = f"{folder}/{path}"
    return os.path.relpath(whole, at) if os.path.commonpath([at, folder]) in {at, folder} else whole
