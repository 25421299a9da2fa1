"""What is said about the rules is true: every example goes through the real check."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from tests.fakes import warm
from tests.fakes.recording import terminal
from tools.rules_page import page

from release_sync.cli.checking.explain import command
from release_sync.cli.checking.explanation import Explanation, explanations
from release_sync.configuration.rule_codes import NAMES
from release_sync.fixes.atomic_write import write
from release_sync.fixes.findings import check
from release_sync.fixes.fix import fixes
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

    from release_sync.rules.finding import Finding

HERE = Path(__file__).parents[3]
RULES = explanations()
BUILD = '\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
SOURCES = (
    "\n[tool.uv.sources]\ndevclikit = { workspace = true }\nworkstack = { workspace = true }\n"
)
ROOT = '[project]\nname = "workstack"\nversion = "0.1.10"\ndependencies = ["devclikit==0.1.10"]\n'
GREEN = {
    "pyproject.toml": ROOT,
    "packages/devclikit/pyproject.toml": '[project]\nname = "devclikit"\nversion = "0.1.10"\n',
}
"""The workspace that the examples are a part of."""


def completed(path: str, text: str) -> str:
    """Add the tables that an example leaves out."""
    if path == "pyproject.toml":
        # Before what the example shows at its end, where a fix may add to it.
        text = f'[tool.uv.workspace]\nmembers = ["packages/*"]\n\n{text}'
        text += "" if "[tool.uv.sources]" in text else SOURCES
    return text + (BUILD if path.endswith("pyproject.toml") else "")


def workspace(root: Path, shown: Mapping[str, str]) -> WorkingTree:
    for path, text in {**GREEN, **shown}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(completed(path, text), encoding="utf-8")
    return WorkingTree(str(root))


def found(tree: WorkingTree, tag: str) -> tuple[Finding, ...]:
    return check(read(tree), tree, tag)


def said(*arguments: str) -> subprocess.CompletedProcess[str]:
    here = Path.cwd()
    return warm.run("release_sync.cli.main", "explain", *arguments, cwd=here, environ=os.environ)


def by_code(one: Explanation) -> str:
    return one.code


def test_every_rule_is_explained_and_nothing_else() -> None:
    folder = HERE / "src" / "release_sync" / "cli" / "checking" / "explanations"
    assert sorted(path.stem for path in folder.iterdir()) == sorted(NAMES)
    assert [(one.code, one.name) for one in RULES] == list(NAMES.items())


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_an_explanation_leaves_nothing_out(rule: Explanation) -> None:
    assert rule.holds.endswith(".")
    assert all(text.strip() for text in (rule.why, rule.fix, *rule.wrong.values()))
    assert rule.right


def test_the_workspace_around_the_examples_is_in_order(tmp_path: Path) -> None:
    assert found(workspace(tmp_path, {}), "v0.1.10") == ()


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_the_wrong_example_breaks_exactly_this_rule(rule: Explanation, tmp_path: Path) -> None:
    findings = found(workspace(tmp_path, rule.wrong), rule.tag)
    assert {one.code for one in findings} == {rule.code}, findings
    assert {one.path for one in findings} <= {*rule.wrong, *GREEN}


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_the_right_example_breaks_no_rule(rule: Explanation, tmp_path: Path) -> None:
    assert found(workspace(tmp_path, rule.right), rule.tag) == ()


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_fix_makes_the_right_example_of_the_wrong_one_or_does_nothing(
    rule: Explanation, tmp_path: Path
) -> None:
    tree = workspace(tmp_path, rule.wrong)
    findings = found(tree, rule.tag)
    nothing = rule.fix.startswith("Nothing")
    assert not (nothing and any(one.fixable for one in findings))
    write(str(tmp_path), fixes(read(tree), tree))
    shown = rule.wrong if nothing else rule.right
    for path, text in shown.items():
        assert (tmp_path / path).read_text(encoding="utf-8") == completed(path, text)


def test_the_page_of_rules_is_made_of_the_same_texts() -> None:
    assert (HERE / "docs" / "rules.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("asked", ["RS201", "rs201", "pin-missing", "Pin-Missing"])
def test_a_rule_is_explained_by_its_code_and_by_its_name(asked: str) -> None:
    done = said(asked)
    assert done.returncode == 0
    assert done.stdout.startswith("RS201 pin-missing\n")
    assert '"devclikit==0.1.10", # the command line stands on it' in done.stdout
    assert "What --fix does" in done.stdout


def test_without_a_code_every_rule_is_listed() -> None:
    listed = [line.split()[:2] for line in said().stdout.splitlines() if line.startswith("RS")]
    assert listed == [[code, name] for code, name in NAMES.items()]


@pytest.mark.parametrize(
    ("asked", "meant"), [("RS301x", "RS301"), ("rs50", "RS501"), ("pin-misssing", "pin-missing")]
)
def test_an_unknown_rule_is_answered_with_the_nearest(asked: str, meant: str) -> None:
    done = said(asked)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: there is no rule {asked!r}\nhint: did you mean `{meant}`?\n"


def test_what_is_explained_fits_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (60, 80, 200):
        with terminal(monkeypatch, width) as recording:
            command([], standalone_mode=False)
            command(["RS202"], standalone_mode=False)
        written = click.unstyle(recording.raw.decode()).split("\r\n")
        assert width > 88 or max(map(len, written)) <= width
        assert "uv does not notice" in " ".join(" ".join(written).split())
