"""``release-sync check``, run as the command that it is."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.fakes.command_line import release_sync
from tests.fakes.recording import terminal

from release_sync.cli.checking.check import command

if TYPE_CHECKING:
    from pathlib import Path

    from devclikit.testing import Ended

ROOT = '[project]\nname = "top"\nversion = "1.0"\n[build-system]\nrequires = []\n'
WORKSPACE = '[tool.uv.workspace]\nmembers = ["low"]\n'
LOW = '[project]\nname = "low"\nversion = "0.9"\n[build-system]\nrequires = []\n'


@pytest.fixture
def stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace in git whose second member was forgotten."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "work"
    (root / "low").mkdir(parents=True)
    (root / "pyproject.toml").write_text(ROOT + WORKSPACE)
    (root / "low" / "pyproject.toml").write_text(LOW)
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-qb", "main"], ["add", "-A"], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    subprocess.run(["git", "tag", "v1.0"], cwd=root, check=True)
    return root


def _run(*arguments: str | Path) -> Ended:
    return release_sync("check", *arguments)


FOUND = "pyproject.toml:3:11: RS101 low is at 0.9, but the workspace is at 1.0\n"


def test_findings_are_one_and_green_is_zero(stale: Path) -> None:
    run = _run(stale / "low")
    assert run.exit_code == 1
    assert run.stdout == f"{stale}/low/{FOUND}"
    (stale / "low" / "pyproject.toml").write_text(LOW.replace("0.9", "1.0"))
    run = _run(stale)
    assert (run.exit_code, run.stdout) == (0, "")
    assert run.stderr == "2 packages: in lockstep at 1.0\n"


def test_what_no_tag_is_here_for_is_not_green(stale: Path) -> None:
    tagged = LOW.replace('version = "0.9"', 'dynamic = ["version"]')
    (stale / "low" / "pyproject.toml").write_text(f"{tagged}[tool.setuptools_scm]\n")
    settings = '[tool.release-sync]\npin = "any"\nindependent = ["low"]\n'
    needing = ROOT.replace("[build", 'dependencies = ["low<2"]\n[build')
    sources = "[tool.uv.sources]\nlow = { workspace = true }\n"
    (stale / "pyproject.toml").write_text(needing + WORKSPACE + sources + settings)
    run = _run(stale, "--format", "json")
    assert run.exit_code == 0  # there is another tag, so this one is still to come
    assert json.loads(run.stdout)["not_looked_at"] == ["low"]
    (stale / ".git/shallow").write_text("")
    run = _run(stale)
    assert (run.exit_code, run.stdout) == (2, "")
    assert "in lockstep" not in run.stderr
    (stale / ".git/shallow").unlink()
    subprocess.run(["git", "tag", "low-v1.5"], cwd=stale, check=True)
    run = _run(stale)
    assert (run.exit_code, run.stderr) == (0, "2 packages: default at 1.0, low at 1.5\n")


def test_staged_and_revisions_are_checked_as_they_are(stale: Path) -> None:
    (stale / "low" / "pyproject.toml").write_text(LOW.replace("0.9", "1.0"))
    assert _run(stale).exit_code == 0
    assert _run(stale, "--staged").exit_code == 1
    assert _run(stale, "--rev", "HEAD").exit_code == 1
    subprocess.run(["git", "add", "-A"], cwd=stale, check=True)
    assert _run(stale, "--staged").exit_code == 0


def test_paths_are_those_from_the_working_directory(
    stale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stale / "low" / "src").mkdir()
    places = {".": "low/", "low": "", "low/src": "../", "..": "work/low/"}
    for folder, shown in places.items():
        monkeypatch.chdir(stale / folder)
        for options in ([], ["--staged"], ["--rev", "HEAD"]):
            assert _run(*options, stale).stdout == f"{shown}{FOUND}"
    subprocess.run(["git", "clone", "-q", "--bare", stale, stale / "bare"], check=True)
    assert _run("--rev", "HEAD", stale / "bare").stdout == f"low/{FOUND}"


DIFF = """\
--- a/low/pyproject.toml
+++ b/low/pyproject.toml
@@ -2,3 +2,3 @@
 name = "low"
-version = "0.9"
+version = "1.0"
 [build-system]
"""


def test_a_diff_shows_what_a_fix_would_change_and_what_it_would_leave(
    stale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(stale / "low")
    run = _run("--fix", "--diff")
    assert (run.exit_code, run.stdout) == (1, DIFF)
    assert run.stderr == "2 packages: in lockstep at 1.0\n"
    subprocess.run(["git", "apply", "--check"], cwd=stale, input=DIFF.encode(), check=True)
    assert (stale / "low" / "pyproject.toml").read_text() == LOW
    (stale / "low" / "pyproject.toml").write_text(LOW.replace("0.9", "1.1"))
    run = _run("--fix", "--diff")
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr.startswith("pyproject.toml:3:11: RS101 low is at 1.1")
    assert run.stderr.splitlines()[1] == "1 finding in 1 file (2 packages)"
    with terminal(monkeypatch, 60) as recording, contextlib.suppress(SystemExit):
        command(["--fix", "--diff"])
    assert recording.lines[0] == "pyproject.toml:3:11: RS101 low is at 1.1, but the workspace"
    assert [line.strip() for line in recording.lines[-3:-1]] == ['version = "1.1"', "^"]
    run = _run("--fix", "--diff", "--to", "1.1")
    assert (run.exit_code, run.stderr) == (1, "2 packages: in lockstep at 1.1\n")
    assert '+version = "1.1"' in run.stdout
    _run("--fix", "--to", "1.1")
    run = _run("--fix", "--diff")
    assert (run.exit_code, run.stdout) == (0, "")


def test_what_has_no_working_tree_is_told_to_check_a_commit(stale: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", "--bare", stale, tmp_path / "bare"], check=True)
    run = _run(tmp_path / "bare")
    assert (run.exit_code, "no working tree" in run.stderr) == (2, True)
    assert run.stderr.endswith("hint: check a commit of it: `release-sync check --rev HEAD`\n")
    run = _run(tmp_path)
    assert (run.exit_code, "no workspace" in run.stderr) == (2, True)


def test_a_revision_that_is_a_tag_is_held_to_its_name(stale: Path) -> None:
    subprocess.run(["git", "tag", "v1.1"], cwd=stale, check=True)
    assert "RS501" not in _run(stale, "--rev", "v1.0").stdout
    assert "RS501" in _run(stale, "--rev", "v1.1").stdout


def test_fix_mends_and_then_says_what_is_left(stale: Path) -> None:
    run = _run(stale, "--fix")
    assert run.exit_code == 0
    assert run.stderr.splitlines()[0] == f"fixed {stale}/low/pyproject.toml (1 place)"


def test_fix_to_a_version_moves_the_group(stale: Path) -> None:
    assert _run(stale, "--fix", "--to", "0.5").exit_code == 0
    assert 'version = "0.5"' in (stale / "pyproject.toml").read_text()


def test_fix_to_a_version_writes_it_as_pep_440_does(stale: Path) -> None:
    assert _run(stale, "--fix", "--to", "v1.1.0-RC1").exit_code == 0
    for path in ("pyproject.toml", "low/pyproject.toml"):
        assert 'version = "1.1.0rc1"' in (stale / path).read_text()


def test_every_format_is_chosen_by_name(stale: Path) -> None:
    assert json.loads(_run(stale, "--format", "json").stdout)["findings"][0]["code"] == "RS101"
    assert json.loads(_run(stale, "--format", "sarif").stdout)["version"] == "2.1.0"
    assert _run(stale, "--format", "github").stdout.startswith("::error file=low/pyproject.toml,")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--staged", "--fix"),
        ("--diff",),
        ("--fix", "--diff", "--format", "json"),
        ("--to", "2.0"),
        ("--group", "default"),
        ("--fix", "--group", "default"),
        ("--fix", "--to", "2.0", "--group", "nope"),
        ("--fix", "--to", "nonsense"),
        ("--fix", "--to", "1.1.0\r"),
        ("--fix", "--to", "1.1.0\n"),
        ("--fix", "--to", " 1.1.0"),
        ("--fix", "--to", "1.1.0po\u017ft1"),
    ],
)
def test_options_that_say_nothing_together_are_a_mistake(
    stale: Path, arguments: tuple[str, ...]
) -> None:
    run = _run(stale, *arguments)
    assert (run.exit_code, run.stdout) == (2, "")
    assert "\nhint: " in run.stderr
    assert (stale / "low" / "pyproject.toml").read_text() == LOW
