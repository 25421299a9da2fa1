"""Names of projects, and the heads of requirements (PEP 503, PEP 508)."""

from __future__ import annotations

import re

VALID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
HEAD = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
RUNS = re.compile(r"[-_.]+")

_normalised: dict[str, str] = {}


def normalise(name: str) -> str:
    """Return the name as PEP 503 compares it."""
    known = _normalised.get(name)
    if known is None:
        known = _normalised[name] = RUNS.sub("-", name).lower()
    return known


def is_name(text: str) -> bool:
    """Return whether a text is the name of a project (PEP 508)."""
    return VALID.fullmatch(text) is not None


def required_name(requirement: str) -> str:
    """Return the normalised name that a requirement begins with; empty when it has none."""
    head = HEAD.match(requirement)
    return "" if head is None else normalise(head[1])
