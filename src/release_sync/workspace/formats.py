"""Findings as text, and in the formats that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from release_sync.workspace.finding import Finding
    from release_sync.workspace.model import Workspace
    from release_sync.workspace.tree import Tree


def text(findings: Sequence[Finding]) -> str:
    """Return ``path:line:column: CODE message``, a line each."""
    return "".join(f"{finding}\n" for finding in findings)


def summary(workspace: Workspace, findings: Sequence[Finding]) -> str:
    """Say in one line how it stands."""
    members = count(len(workspace.members), "package")
    if not findings:
        return f"{members}: {standing(workspace)}"
    found = count(len(findings), "finding")
    files = count(len({finding.path for finding in findings}), "file")
    fixable = sum(finding.fixable for finding in findings)
    mend = f"; `release-sync check --fix` mends {fixable}" if fixable else ""
    return f"{found} in {files} ({members}){mend}"


def standing(workspace: Workspace) -> str:
    """Name the groups and their versions."""
    parts = [
        f"{group.name} at {group.version or 'the version of its tag'}" for group in workspace.groups
    ]
    if len(workspace.groups) == 1:
        return f"in lockstep {parts[0].removeprefix(f'{workspace.groups[0].name} ')}"
    return ", ".join(parts) or "nothing to release"


def count(number: int, thing: str) -> str:
    """Return ``1 finding`` or ``2 findings``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def as_text(_: Workspace, findings: Sequence[Finding], __: Tree) -> str:
    """Return the findings, a line each."""
    return text(findings)


def as_json(workspace: Workspace, findings: Sequence[Finding], _: Tree) -> str:
    """Return one object: the findings, and the groups with their versions."""
    import json  # noqa: PLC0415 - the hook's path has no use for it

    found = [{field: getattr(finding, field) for field in FIELDS} for finding in findings]
    groups = [
        {"name": group.name, "version": group.version, "members": list(group.members)}
        for group in workspace.groups
    ]
    return json.dumps({"findings": found, "groups": groups}, indent=2) + "\n"


FIELDS = (
    "code", "name", "path", "line", "column", "member", "message", "expected", "found", "fixable",
)  # fmt: skip

FORMATS: dict[str, Callable[[Workspace, Sequence[Finding], Tree], str]] = {
    "text": as_text,
    "json": as_json,
}
"""Every format, by the name that ``--format`` has for it."""
