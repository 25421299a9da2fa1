"""The guardrail on other systems, as far as one can be played: see ``elsewhere``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.guardrail.scene import LOW, ROOT, package

if TYPE_CHECKING:
    from tests.guardrail.scene import Done, Scene

ELSEWHERE = Path(__file__).parent / "elsewhere.py"
SYSTEMS = pytest.mark.parametrize("system", ["bare", "windows"])


def run(scene: Scene, system: str, program: str, *arguments: str) -> Done:
    """Run a program that is on PATH as it would run on another system."""
    script = Path(scene.environ["PATH"].split(":")[0], program)
    return scene.call(sys.executable, str(ELSEWHERE), system, str(script), *arguments)


@SYSTEMS
def test_what_is_found_and_fixed_is_the_same(system: str, green: Scene) -> None:
    for folder, text in (("", ROOT), ("packages/low/", package("low", "0.9"))):
        green.write(f"{folder}pyproject.toml", text.replace("\n", "\r\n"))
    green.git("add", "--all")
    for program, *line in (
        ("release-sync-hook", "pre-commit"),
        ("release-sync", "check", "--fix", "--diff"),
        ("release-sync", "check", "-C", "packages/low", "--format", "json"),
    ):
        ours, theirs = green.call(program, *line), run(green, system, program, *line)
        assert "low" in ours.stdout
        assert (theirs.returncode, theirs.stdout) == (ours.returncode, ours.stdout)
        assert theirs.stderr == ours.stderr
    assert run(green, system, "release-sync", "check", "--fix").returncode == 0
    fixed = (green.root / LOW).read_bytes()
    assert fixed == package("low").replace("\n", "\r\n").encode()
    for _ in range(2):  # read, and then remembered
        done = run(green, system, "release-sync-hook", "check")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@SYSTEMS
def test_it_is_adopted_explained_and_told_of_changes(system: str, born: Scene) -> None:
    born.write("pyproject.toml", f"{ROOT}\n[tool.release-sync]\nchangelog.style = 'changes'\n")
    done = run(born, system, "release-sync", "init", "--git-hooks")
    assert done.returncode == 0, done.stderr
    hook = born.root / "hooks" / "pre-commit"
    assert hook.read_bytes().startswith(b"#!/bin/sh\n# Hold what is staged")
    assert born.git("config", "core.hooksPath") == "hooks"
    assert run(born, system, "release-sync", "init", "--git-hooks", "--check").returncode == 0
    told = run(born, system, "release-sync", "change", "minor", "Naïve → wise")
    assert told.returncode == 0, told.stderr
    (change,) = (born.root / ".changes").glob("*.md")
    assert "Naïve → wise".encode() in change.read_bytes()
    assert b"\r" not in change.read_bytes()
    said = run(born, system, "release-sync", "explain", "RS202")
    assert said.stdout.startswith("RS202 pin-mismatch\n")


def test_on_windows_gits_own_shell_finds_the_hook_in_scripts(hooked: Scene) -> None:
    program, _, others = hooked.environ["PATH"].partition(":")
    scripts = hooked.root / ".venv" / "Scripts"
    scripts.mkdir(parents=True)
    hook = (Path(program) / "release-sync-hook").read_text(encoding="utf-8")
    (scripts / "release-sync-hook").write_text(hook, encoding="utf-8")
    python = scripts / "python.exe"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} {ELSEWHERE} windows "$@"\n')
    python.chmod(0o755)
    there = hooked.at(hooked.root, PATH=others)
    there.git("config", "core.autocrlf", "true")
    there.drift()
    there.git("add", LOW)
    refused = there.call("git", "commit", "-m", "Drift")
    assert (refused.returncode, refused.stderr.count("RS101")) == (1, 1), refused.stderr
    there.drift("1.0")
    there.write("packages/low/more", "more\n")
    there.git("add", "packages")
    there.git("commit", "-m", "In lockstep")


def test_on_windows_a_character_that_the_screen_lacks_is_written_all_the_same(green: Scene) -> None:
    text = package("low", "0.9").replace('"low"', '"łow"')
    green.write("packages/ż/pyproject.toml", text)
    for program, *line in (("release-sync-hook", "check"), ("release-sync", "check")):
        done = run(green, "windows", program, *line)
        assert done.returncode == 1, done.stderr
        assert "packages/\\u017c/pyproject.toml" in done.stdout


def test_on_windows_a_release_says_that_it_needs_another_system(green: Scene) -> None:
    done = run(green, "windows", "release-sync", "publish", "--yes")
    assert done.returncode == 2
    assert done.stderr.startswith("error: `release-sync publish` does not run on Windows")
    assert "\nhint: " in done.stderr
