"""``release-sync change``: notes a change, and says where none was noted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.command_line import release_sync

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace


@pytest.fixture
def begun(green: SmallWorkspace, monkeypatch: pytest.MonkeyPatch) -> SmallWorkspace:
    """Return a workspace whose folder is where we are, with a branch of its own."""
    green.commit()
    green.git("switch", "-qc", "lanes")
    monkeypatch.chdir(green.root)
    return green


def said(*arguments: str) -> str:
    run = release_sync("change", *arguments)
    assert run.exit_code == 0, run.output
    return run.output


def refused(*arguments: str) -> str:
    run = release_sync("change", *arguments)
    assert run.exit_code in {1, 2}, run.output
    return run.stderr


def test_a_change_is_written_and_the_gate_lets_it_pass(begun: SmallWorkspace) -> None:
    assert said("--check", "--since", "main") == (
        "Checked    nothing of a package changed since main\n"
    )
    begun.write("packages/low/lanes.py", "LANES = 2\n")
    begun.commit()
    why = "error: low changed since main, and no file in .changes says how\n"
    assert why in refused("--check", "--since", "main")

    path = said("minor", "--member", "Low", "Adds lanes.").strip()
    assert path == ".changes/adds-lanes.md"
    text = (begun.root / path).read_text()
    assert text == "---\nlevel: minor\nmembers: [low]\n---\n\nAdds lanes.\n"
    assert said("patch", "Adds lanes.").strip() == ".changes/adds-lanes-2.md"
    assert begun.findings() == []
    begun.commit()
    assert said("--check", "--since", "main") == (
        "Checked    2 changes since main; the greatest level is minor\n"
    )
    # what was noted before says nothing of what comes after it
    begun.git("switch", "-qc", "bridges")
    begun.write("packages/low/bridges.py", "")
    begun.commit()
    assert "error: low changed since lanes" in refused("--check", "--since", "lanes")
    assert said("none").strip() == ".changes/change.md"
    begun.commit()
    assert "the greatest level is none" in said("--check", "--since", "lanes")


def test_a_change_is_of_its_group_and_who_is_gone_has_changed(begun: SmallWorkspace) -> None:
    alone = '[tool.release-sync]\nindependent = ["other"]\n\n[tool.uv.sources]'
    begun.replace("pyproject.toml", "[tool.uv.sources]", alone)
    manifest = (begun.root / "packages/low/pyproject.toml").read_text()
    begun.write("packages/other/pyproject.toml", manifest.replace("low", "other"))
    begun.commit()
    begun.git("switch", "-qc", "bridges")
    for name in ("low", "other"):
        begun.write(f"packages/{name}/bridges.py", "")
    said("minor", "--member", "low", "Adds bridges.")
    begun.commit()
    assert "error: other changed since lanes, and" in refused("--check", "--since", "lanes")
    said("none", "--member", "other")
    begun.commit()
    assert "2 changes since lanes" in said("--check", "--since", "lanes")
    begun.git("switch", "-qc", "removed")
    begun.git("rm", "-q", "-r", "packages/other", ".changes/change.md")
    begun.replace("pyproject.toml", 'independent = ["other"]\n', "")
    begun.commit()
    assert "error: other, top changed since bridges" in refused("--check", "--since", "bridges")
    said("major", "Drops other.")
    begun.commit()
    assert "greatest level is major" in said("--check", "--since", "bridges")


def test_programs_are_told_the_same(begun: SmallWorkspace) -> None:
    def told(*arguments: str) -> dict[str, Any]:
        run = release_sync("change", *arguments, "--json")
        line, *error = run.stdout.splitlines()
        assert (run.exit_code == 0) is (not error)
        return {**json.loads(line), "exit": run.exit_code}

    nothing = {"since": "main", "members": [], "level": "", "changes": []}
    head = {"format": 2, "exit": 0}
    gate = ("--check", "--since", "main")
    assert told(*gate) == {**head, "event": "gate", "ok": True, **nothing}
    begun.write("packages/low/lanes.py", "LANES = 2\n")
    begun.commit()
    failed = {**head, "exit": 1, "event": "gate", "ok": False, **nothing, "members": ["low"]}
    assert told(*gate) == failed
    change = {"path": ".changes/adds-lanes.md", "level": "minor", "members": ["low"],
              "text": "Adds lanes."}  # fmt: skip
    made = told("minor", "--member", "Low", " Adds lanes. ")
    assert made == {**head, "event": "change", **change}
    begun.commit()
    found = {**nothing, "members": ["low"], "level": "minor", "changes": [change]}
    assert told(*gate) == {**head, "event": "gate", "ok": True, **found}


def test_what_is_no_change_is_found_when_it_is_committed(begun: SmallWorkspace) -> None:
    said("minor", "Adds lanes.")
    begun.write(".changes/bad.md", "---\nlevel: feature\n---\n\nMore.\n")
    begun.write(".changes/who.md", "---\nlevel: minor\nmembers: [ghost]\n---\n\nMore.\n")
    begun.write(".changes/README.md", "What these files are.\n")
    assert begun.findings() == [
        f".changes/bad.md:2:1: RS601 it is no change: its level 'feature' {LEVELS}",
        ".changes/who.md:1:1: RS601 ghost is no member of this workspace",
    ]


def test_a_folder_of_another_tool_is_let_be(begun: SmallWorkspace) -> None:
    begun.write(".changes/v1.0.md", "## v1.0\n")
    assert begun.findings() == []
    begun.replace("pyproject.toml", "[tool.uv.sources]", CHANGES + "[tool.uv.sources]")
    assert begun.codes() == [".changes/v1.0.md:1:1 RS601"]


LEVELS = "is none of major, minor, patch, none"
CHANGES = '[tool.release-sync.changelog]\nstyle = "changes"\n\n'


@pytest.mark.parametrize(
    ("arguments", "why", "hint"),
    [
        (["--check"], "--check compares with a revision", "add `--since main`"),
        (["--since", "main"], "--since is for --check", "add --check"),
        (["--check", "--since", "gone"], "there is no revision 'gone'", "fetch it first"),
        (["minor"], "a prompt needs a terminal: What is new?", "change minor TEXT"),
        ([], "a prompt needs a terminal: Which level?", "change minor TEXT"),
        (["minor", " "], "a change says something", "change minor TEXT"),
        (["minor", "x", "--member", "ghost"], "'ghost' is no member", "top, low"),
    ],
)
def test_mistakes(begun: SmallWorkspace, arguments: list[str], why: str, hint: str) -> None:
    error, hinted = refused(*arguments).split("\n", 1)
    assert (error, hint in hinted) == (f"error: {why}", True), hinted
    assert not (begun.root / ".changes").exists()


def test_a_changelog_that_is_kept_otherwise(begun: SmallWorkspace) -> None:
    begun.write("CHANGELOG.md", "## Unreleased\n")
    words = "keeps its changelog otherwise: keep-a-changelog"
    assert words in refused("minor", "Adds lanes.")
    assert words in refused("--check", "--since", "main")
