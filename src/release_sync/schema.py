"""The JSON schema of ``[tool.release-sync]``, for editors and as a plugin of validate-pyproject."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from release_sync.configuration.table import DEFINITIONS, READERS, Configuration, field_of
from release_sync.configuration.values import Key

HEAD = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "$id": "https://release-sync.invalid/schema.json",
    "$comment": "The $id is a name, not an address: .invalid is never one (RFC 2606)."
    " A $ref with a neighbour stands in allOf: draft 7 ignores what is beside it.",
    "title": "[tool.release-sync]",
    "description": "How release-sync checks and releases the packages of a workspace",
    "type": "object",
    "additionalProperties": False,
}


def schema(_tool: str = "release-sync") -> dict[str, Any]:
    """Return the schema (draft 7) of a `[tool.release-sync]` table.

    It is made of what reads the table. The signature is what validate-pyproject asks of an entry
    point in the group ``validate_pyproject.tool_schema``: the tool's name in, its schema out.
    """
    defaults = Configuration()._asdict()
    properties = {
        name: {
            **_described(key),
            "default": _default(key, defaults[field_of(name)]),
            **({"examples": _plain(key.examples)} if key.examples else {}),
        }
        for name, key in READERS.items()
    }
    return {**HEAD, "properties": properties, "definitions": _plain(DEFINITIONS)}


def _default(key: Key, value: Any) -> Any:  # noqa: ANN401 - JSON may hold anything
    is_table = key.kind.schema.get("type") == "object"
    is_whole = isinstance(value, Mapping) and bool(value)
    return {} if is_table and not is_whole else _plain(value)


def _described(key: Key) -> dict[str, Any]:
    kind = key.kind.schema
    return {
        "description": key.description,
        **_plain({"allOf": [kind]} if "$ref" in kind else kind),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON may hold anything
    """Return a part of the schema as JSON has it."""
    if isinstance(value, Key):
        return _described(value)
    if isinstance(value, Mapping):
        return {
            key: _translated(one) if key == "pattern" and isinstance(one, str) else _plain(one)
            for key, one in value.items()
        }
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _translated(pattern: str) -> str:
    """Turn a pattern of Python's into one of ECMA-262, which JSON schema has."""
    pattern = pattern.replace(r"\Z", "$").replace("(?:", "(")
    return re.sub(r"\\x([0-9a-f]{2})", r"\\u00\1", pattern)
