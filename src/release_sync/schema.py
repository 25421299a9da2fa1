"""The JSON schema of ``[tool.release-sync]``, for editors and as a plugin of validate-pyproject."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def schema(_tool: str = "release-sync") -> dict[str, Any]:
    """Return the schema (draft 7) of a `[tool.release-sync]` table.

    The signature is what validate-pyproject asks of an entry point in the group
    ``validate_pyproject.tool_schema``: the tool's name in, its schema out.
    """
    text = files("release_sync").joinpath("schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
