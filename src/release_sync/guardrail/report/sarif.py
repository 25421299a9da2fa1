"""Findings as a SARIF 2.1.0 log (OASIS, "Static Analysis Results Interchange Format")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.configuration.rule_codes import NAMES
from release_sync.rules.finding import displayable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.rules.finding import Finding

CODES = tuple(NAMES)
ROOT = "The repository's top; without a repository, the workspace's root."


def log(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the log with one run. Columns count code points, as ours do.

    Paths are relative to the repository's top: code scanning knows no other root.
    """
    driver = {"name": "release-sync", "rules": [_rule(code) for code in CODES]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": ROOT}}},
        "results": [_result(finding) for finding in findings],
    }
    return {"version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in NAMES[code].split("-")),
        "shortDescription": {"text": NAMES[code].replace("-", " ")},
        "defaultConfiguration": {"level": "error"},
    }


def _result(finding: Finding) -> dict[str, Any]:
    from urllib.parse import quote  # noqa: PLC0415 - only for this format

    place = {
        "artifactLocation": {
            "uri": quote(finding.path.encode("utf-8", "surrogateescape")),
            "uriBaseId": "ROOT",
        },
        "region": {"startLine": finding.line, "startColumn": finding.column},
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": CODES.index(finding.code),
        "level": "error",
        "message": {"text": displayable(finding.message)},
        "locations": [{"physicalLocation": place}],
    }
