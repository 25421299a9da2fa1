"""Findings, in the formats that people and programs read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pydantic_sarif.model import (  # type: ignore[import-untyped] # it has no py.typed
    StaticAnalysisResultsFormatSarifVersion210JsonSchema,
)
from tests.fakes.small_workspace import LOW, ROOT

from release_sync.configuration.rule_codes import NAMES
from release_sync.fixes.findings import check
from release_sync.guardrail.report.formats import FORMATS, pictures, summary
from release_sync.rules.finding import Finding
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.small_workspace import SmallWorkspace

    from release_sync.workspace.model import Workspace


@pytest.fixture
def green(make: Callable[..., SmallWorkspace]) -> SmallWorkspace:
    """Return a workspace on disk alone; the other tests of this room need it in a repository."""
    return make({"pyproject.toml": ROOT, "packages/low/pyproject.toml": LOW})


def _stale(green: SmallWorkspace) -> tuple[Workspace, tuple[Finding, ...], WorkingTree]:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"0.9"')
    tree = WorkingTree(str(green.root))
    workspace = green.read()
    return workspace, check(workspace, tree), tree


def test_text_is_a_line_each(green: SmallWorkspace) -> None:
    assert FORMATS["text"](*_stale(green)) == (
        "packages/low/pyproject.toml:3:11: RS101 low is at 0.9, but the workspace is at 1.0\n"
    )


def test_a_picture_is_the_line_and_a_caret(green: SmallWorkspace) -> None:
    _, findings, tree = _stale(green)
    assert pictures(findings, tree) == [('version = "0.9"', "          ^")]
    nowhere = [one._replace(line=99) for one in findings]
    assert pictures(nowhere, tree) == [("", "")]


def test_of_many_groups_some_are_named(green: SmallWorkspace) -> None:
    names = [f"own-{number:02}" for number in range(12)]
    for name in names:
        green.write(f"packages/{name}/pyproject.toml", LOW.replace("low", name))
    settings = f"[tool.release-sync]\nindependent = {names}\n[tool.uv.w"
    green.replace("pyproject.toml", "[tool.uv.w", settings)
    said = summary(green.read(), ())
    assert said.startswith("14 packages: default at 1.0, own-00 at 1.0, ")
    assert said.endswith(", own-08 at 1.0 and 3 more")


def test_a_group_of_nothing_but_private_members_has_a_version(green: SmallWorkspace) -> None:
    table = '\n[tool.release-sync]\nprivate = ["low"]\ngroups.tools.members = ["low"]\n'
    green.write("pyproject.toml", ROOT.replace('"low==1.0"', "") + table)
    assert summary(green.read(), ()).endswith("default at 1.0, tools at 1.0")


def test_json_holds_findings_and_groups(green: SmallWorkspace) -> None:
    assert json.loads(FORMATS["json"](*_stale(green))) == {
        "format": 2,
        "event": "check",
        "findings": [
            {
                "code": "RS101",
                "name": "version-mismatch",
                "path": "packages/low/pyproject.toml",
                "line": 3,
                "column": 11,
                "member": "low",
                "message": "low is at 0.9, but the workspace is at 1.0",
                "expected": "1.0",
                "found": "0.9",
                "fixable": True,
            }
        ],
        "groups": [{"name": "default", "version": "1.0", "members": ["low", "top"], "private": []}],
        "not_looked_at": [],
    }


def test_github_annotations_are_escaped(green: SmallWorkspace) -> None:
    workspace, _, tree = _stale(green)
    odd = Finding("a,b:c\n%.toml", 1, 2, "RS001", "50% of\nit: no, none")
    assert FORMATS["github"](workspace, [odd], tree) == (
        "::error file=a%2Cb%3Ac%0A%25.toml,line=1,col=2,"
        "title=RS001 unreadable-manifest::50%25 of%0Ait: no, none\n"
    )


def test_sarif_is_valid_by_the_schema_of_version_2_1_0(green: SmallWorkspace) -> None:
    """The models are generated from the schema, and forbid what it does not know."""
    log = StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate_json(
        FORMATS["sarif"](*_stale(green))
    )
    assert [result.ruleId for result in log.runs[0].results or []] == ["RS101"]


def test_sarif_names_rule_place_and_message(green: SmallWorkspace) -> None:
    (run,) = json.loads(FORMATS["sarif"](*_stale(green)))["runs"]
    (result,) = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(NAMES)
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "RS101"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "packages/low/pyproject.toml"
    assert place["region"] == {"startLine": 3, "startColumn": 11}


def test_a_finding_in_an_oddly_named_file_stays_on_one_line() -> None:
    assert str(Finding("a\nb", 1, 1, "RS001", "x")) == "'a\\nb':1:1: RS001 x"


def test_the_summary_counts_and_says_what_can_be_mended(green: SmallWorkspace) -> None:
    workspace, findings, _ = _stale(green)
    assert summary(workspace, findings) == (
        "1 finding in 1 file (2 packages); 1 fixable with `release-sync check --fix`"
    )
    assert summary(workspace, ()) == "2 packages: in lockstep at 1.0"


def test_a_path_that_is_no_utf8_is_written_as_each_format_can(
    make: Callable[..., SmallWorkspace],
) -> None:
    green = make({"pyproject.toml": '[tool.release-sync]\npackages = ["packages/*"]\n'})
    for name, version in (("a", "1.0"), ("b", "1.0"), ("\udcff", "0.9")):
        made = f'[project]\nname = "x{ascii(name)[-2]}"\nversion = "{version}"\n'
        green.write(f"packages/{name}/pyproject.toml", f"{made}[build-system]\nrequires = []\n")
        green.write(f"packages/{name}/x{ascii(name)[-2]}.py", "")
    tree = WorkingTree(str(green.root))
    found = check(green.read(), tree)
    (result,) = json.loads(FORMATS["sarif"](green.read(), found, tree))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "packages/%FF/pyproject.toml"
    annotation = FORMATS["github"](green.read(), found, tree)
    assert "file=packages/\ufffd/pyproject.toml," in annotation


def test_a_message_that_is_no_utf8_is_text_in_sarif(green: SmallWorkspace) -> None:
    workspace, _, tree = _stale(green)
    finding = Finding("a", 1, 1, "RS001", "no \udcff")
    assert "no \\ufffd" in FORMATS["sarif"](workspace, (finding,), tree)
