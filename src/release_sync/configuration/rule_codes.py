"""The codes of the rules, each with its name."""

from __future__ import annotations

NAMES = {
    "RS001": "unreadable-manifest",
    "RS002": "duplicate-name",
    "RS003": "bad-version",
    "RS101": "version-mismatch",
    "RS102": "mirror-mismatch",
    "RS201": "pin-missing",
    "RS202": "pin-mismatch",
    "RS203": "pin-excludes",
    "RS204": "source-missing",
    "RS301": "dependency-cycle",
    "RS302": "private-dependency",
    "RS401": "lock-stale",
    "RS402": "lock-incomplete",
    "RS501": "tag-mismatch",
    "RS601": "bad-change",
}
"""The name of every rule."""
