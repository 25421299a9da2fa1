"""Findings as text, and in the formats that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.rules.finding import displayable
from release_sync.rules.unseen import not_looked_at, unjudged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from release_sync.rules.finding import Finding
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Group, Workspace

JSON_FORMAT = 2
"""The version of all JSON that is written (docs/events.md); it grows when a field changes its
meaning or goes away."""

GROUPS = 10
"""So many groups are named in a message; there may be hundreds."""


def text(findings: Sequence[Finding]) -> str:
    """Return ``path:line:column: CODE message``, a line each."""
    return "".join(f"{finding}\n" for finding in findings)


def summary(workspace: Workspace, findings: Sequence[Finding], folder: str = "") -> str:
    """Return the result of a check in one line; ``folder`` is the workspace's, below the top."""
    where = f"{folder}: " if folder else ""
    members = count(len(workspace.members), "package")
    unseen = not_looked_at(workspace)
    if not findings:
        return f"{where}{members}: {unseen or standing(workspace)}"
    found = count(len(findings), "finding")
    files = count(len({finding.path for finding in findings}), "file")
    fixable = sum(finding.fixable for finding in findings)
    hint = f"; {fixable} fixable with `release-sync check --fix`" if fixable else ""
    return f"{where}{found} in {files} ({members}){hint}{unseen and f'; {unseen}'}"


def standing(workspace: Workspace) -> str:
    """Name the groups and their versions."""
    parts = [f"{group.name} at {_version(workspace, group)}" for group in workspace.groups]
    if len(workspace.groups) == 1:
        return f"in lockstep {parts[0].removeprefix(f'{workspace.groups[0].name} ')}"
    more = f" and {len(parts) - GROUPS} more" if len(parts) > GROUPS else ""
    return f"{', '.join(parts[:GROUPS])}{more}" or "nothing to release"


def _version(workspace: Workspace, group: Group) -> str:
    tagged = workspace.member(group.every[0]).version
    return group.version or tagged or "the version of its tag"


def count(number: int, thing: str) -> str:
    """Return ``1 finding`` or ``2 findings``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def as_text(_: Workspace, findings: Sequence[Finding], __: Tree) -> str:
    """Return the findings, a line each."""
    return text(findings)


def pictures(findings: Sequence[Finding], tree: Tree) -> list[tuple[str, str]]:
    """Return of each finding its line and, for the one below it, a caret; both empty for none."""
    from release_sync.toml.texts import Texts  # noqa: PLC0415 - it is needed only here

    texts = Texts(tree)
    return [_picture(texts.text(one.path), one) for one in findings]


def as_json(workspace: Workspace, findings: Sequence[Finding], _: Tree) -> str:
    """Return one object: the findings, and the groups with their versions."""
    import json  # noqa: PLC0415 - the hook's path has no use for it

    found = [{field: getattr(finding, field) for field in FIELDS} for finding in findings]
    groups = [
        {
            "name": group.name,
            "version": group.version or workspace.member(group.every[0]).version or "",
            "members": list(group.members),
            "private": list(group.private),
        }
        for group in workspace.groups
    ]
    unseen = list(unjudged(workspace))
    head = {"format": JSON_FORMAT, "event": "check"}
    told = {**head, "findings": found, "groups": groups, "not_looked_at": unseen}
    return json.dumps(told, indent=2) + "\n"


def as_github(_: Workspace, findings: Sequence[Finding], __: Tree) -> str:
    """Return annotations (docs.github.com, workflow commands): ``::error file=…::message``."""
    lines = "".join(
        f"::error file={_property(one.path)},line={one.line},col={one.column},"
        f"title={_property(f'{one.code} {one.name}')}::{_data(one.message)}\n"
        for one in findings
    )
    return displayable(lines)


def as_sarif(_: Workspace, findings: Sequence[Finding], __: Tree) -> str:
    """Return a SARIF 2.1.0 log."""
    import json  # noqa: PLC0415 - the hook's path has no use for it

    from release_sync.guardrail.report.sarif import log  # noqa: PLC0415 - the same

    return json.dumps(log(findings), indent=2) + "\n"


def _picture(source: str, finding: Finding) -> tuple[str, str]:
    lines = source.split("\n")
    if finding.line > len(lines) or not lines[finding.line - 1].strip():
        return "", ""
    line = lines[finding.line - 1].removeprefix("\ufeff").rstrip("\r")
    shown = "".join(one if one.isprintable() or one == "\t" else "?" for one in line)
    lead = "".join(one if one == "\t" else " " for one in shown[: finding.column - 1])
    return shown, f"{lead}^"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


FIELDS = (
    "code", "name", "path", "line", "column", "member", "message", "expected", "found", "fixable",
)  # fmt: skip

FROM_THE_TOP = frozenset({"github", "sarif"})
"""Formats whose readers know the repository, and not where in it the workspace is."""

FORMATS: dict[str, Callable[[Workspace, Sequence[Finding], Tree], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""Every format, by the name that ``--format`` has for it."""
