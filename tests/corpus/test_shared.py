"""What is wrong with real workspaces: every finding, each at its line, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.fixes.findings import check
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.trees.tree import Entry, Tags, Tree


class Configured:
    """A tree with more text at the end of its root's manifest."""

    def __init__(self, tree: Tree, text: str) -> None:
        self.tree = tree
        self.text = text

    def read(self, path: str) -> bytes | None:
        data = self.tree.read(path)
        return (data or b"") + self.text.encode() if path == "pyproject.toml" else data

    def entries(self, folder: str) -> tuple[Entry, ...]:
        return self.tree.entries(folder)

    def tags(self) -> Tags:
        return self.tree.tags()


FINDINGS = {
    "workstack-0.1.10": ["pyproject.toml:18:5 RS201 workstack"],
    "workstack-0.1.11": [
        "packages/workstack-dev/pyproject.toml:3:11 RS101 workstack-dev",
        "packages/workstack-dev/pyproject.toml:8:5 RS201 workstack-dev",
        "pyproject.toml:19:5 RS201 workstack",
    ],
    "erk-0.2.6": [
        "packages/erk-dev/pyproject.toml:3:11 RS101 erk-dev",
        "packages/erk-kits/src/erk_kits/__init__.py:1:16 RS102 erk-kits",
        "packages/erk-shared/src/erk_shared/__init__.py:1:16 RS102 erk-shared",
        "pyproject.toml:30:5 RS201 erk",
        "pyproject.toml:31:5 RS201 erk",
    ],
    "erk-circular": [
        "packages/dot-agent-kit/pyproject.toml:9:5 RS201 dot-agent-kit",
        "packages/dot-agent-kit/pyproject.toml:9:5 RS301 dot-agent-kit",
        "packages/erk-dev/pyproject.toml:3:11 RS101 erk-dev",
        "pyproject.toml:21:5 RS201 erk",
        "src/erk/version.py:1:16 RS102 erk",
    ],
    "erk-0.9.11": [
        "packages/erk-dev/pyproject.toml:8:5 RS201 erk-dev",
        "packages/erk-mcp/pyproject.toml:3:11 RS101 erk-mcp",
        "packages/erk-shared/src/erk_shared/__init__.py:1:16 RS102 erk-shared",
        "packages/erk-slots/pyproject.toml:9:5 RS201 erk-slots",
        "packages/erk-statusline/pyproject.toml:8:5 RS201 erk-statusline",
        "pyproject.toml:29:5 RS201 erk",
        "pyproject.toml:30:5 RS201 erk",
        "pyproject.toml:31:5 RS201 erk",
    ],
    "crewai-1.15.17": ["lib/crewai/pyproject.toml:114:5 RS201 crewai"],
}


def found(tree: Tree) -> list[str]:
    workspace = read(tree)
    return [
        f"{one.path}:{one.line}:{one.column} {one.code} {one.member}"
        for one in check(workspace, tree)
    ]


@pytest.mark.parametrize("name", FINDINGS)
def test_a_real_workspace_has_these_findings_and_no_others(corpus: Path, name: str) -> None:
    assert found(WorkingTree(str(corpus / name))) == FINDINGS[name]


def test_the_cycle_names_its_members(corpus: Path) -> None:
    tree = WorkingTree(str(corpus / "erk-circular"))
    (cycle,) = [one for one in check(read(tree), tree) if one.code == "RS301"]
    assert cycle.found == "dot-agent-kit → erk → dot-agent-kit"


def test_an_independent_member_has_its_own_version(corpus: Path) -> None:
    tree = WorkingTree(str(corpus / "erk-0.9.11"))
    settings = '\n[tool.release-sync]\nindependent = ["erk-mcp"]\n'
    expected = [one for one in FINDINGS["erk-0.9.11"] if "RS101" not in one]
    assert found(Configured(tree, settings)) == expected


def _lockstep(tree: Tree, pin: str) -> Configured:
    workspace = read(tree)
    groups = "\n".join(
        f"{name} = {{ members = {[one.name for one in workspace.members if one.version == at]} }}"
        for name, at in (("stable", "1.45.0.dev"), ("beta", "0.66b0.dev"))
    )
    text = f'\n[tool.release-sync]\npin = "{pin}"\n[tool.release-sync.groups]\n{groups}\n'
    return Configured(tree, text)


EXPORTER = "exporter/opentelemetry-exporter-"
PROPAGATOR = "propagator/opentelemetry-propagator-"


def test_two_groups_that_pin_each_other_exactly(corpus: Path) -> None:
    # The corpus' README counts eight: those written `~= 1.N`. Seven more are `~= 1.45.0.dev`, which
    # is no exact pin either (PEP 440: it admits 1.45.1, too), so there are fifteen.
    tree = _lockstep(WorkingTree(str(corpus / "opentelemetry-1.45")), "exact")
    places = [(one.path, one.line, one.code, one.found) for one in check(read(tree), tree)]
    end = "/pyproject.toml"
    assert places == [
        (f"{EXPORTER}http-transport{end}", 29, "RS201", "opentelemetry-api ~= 1.15"),
        (f"{EXPORTER}otlp-common{end}", 29, "RS201", "opentelemetry-sdk ~= 1.45.0.dev"),
        (f"{EXPORTER}otlp-json-common{end}", 30, "RS201", "opentelemetry-sdk ~= 1.45.0.dev"),
        (f"{EXPORTER}otlp-json-file{end}", 31, "RS201", "opentelemetry-sdk ~= 1.45.0.dev"),
        (f"{EXPORTER}otlp-json-http{end}", 29, "RS201", "opentelemetry-sdk ~= 1.45.0.dev"),
        (f"{EXPORTER}otlp-proto-grpc{end}", 33, "RS201", "opentelemetry-api ~= 1.15"),
        (f"{EXPORTER}otlp-proto-grpc{end}", 35, "RS201", "opentelemetry-sdk ~= 1.45.0.dev"),
        (f"{EXPORTER}otlp-proto-http{end}", 30, "RS201", "opentelemetry-api ~= 1.15"),
        (f"{EXPORTER}otlp-proto-http{end}", 32, "RS201", "opentelemetry-sdk ~= 1.45.0.dev"),
        (f"{EXPORTER}prometheus{end}", 29, "RS201", "opentelemetry-api ~= 1.12"),
        (f"{EXPORTER}prometheus{end}", 31, "RS201", "opentelemetry-sdk ~= 1.45.0.dev"),
        (f"{EXPORTER}zipkin-json{end}", 30, "RS201", "opentelemetry-api ~= 1.3"),
        (f"{EXPORTER}zipkin-json{end}", 31, "RS201", "opentelemetry-sdk ~= 1.11"),
        (f"{PROPAGATOR}b3{end}", 30, "RS201", "opentelemetry-api ~= 1.3"),
        (f"{PROPAGATOR}jaeger{end}", 29, "RS201", "opentelemetry-api ~= 1.3"),
    ]


def test_two_groups_are_green_when_their_pins_need_only_be_compatible(corpus: Path) -> None:
    assert found(_lockstep(WorkingTree(str(corpus / "opentelemetry-1.45")), "compatible")) == []


def test_two_versions_of_many_members_look_like_two_groups(corpus: Path) -> None:
    tree = WorkingTree(str(corpus / "opentelemetry-1.45"))
    mismatches = [one for one in check(read(tree), tree) if one.code == "RS101"]
    assert len(mismatches) == 10
    assert "two groups" in mismatches[0].message


def test_folders_that_exclude_takes_out_are_no_members(corpus: Path) -> None:
    workspace = read(WorkingTree(str(corpus / "opentelemetry-1.45")))
    folders = {member.folder for member in workspace.members}
    assert len(folders) == 22
    assert not any(
        folder.endswith(("opencensus", "zipkin", "zipkin-proto-http")) for folder in folders
    )
