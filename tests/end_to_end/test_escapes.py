"""What others named or said reaches no terminal as it is: not by any command, nor by its JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

ESCAPE = "\x1b[2J\x1b]0;owned\x07"
ACTIVE = re.compile(r"[^\n\t -~\xa0-\U0010ffff]|^\s*::|##\[", re.MULTILINE)
"""What a terminal acts upon, or a CI's runner."""

MESSAGE = r'message = "\u001b[2JPublished {version}' + r'\n\n::error::\u009b it ##[error] is"'
SAID = f"no{ESCAPE}\r\n::error::no\n##[error] no\n"
HOOK = f"#!/bin/sh\ncat >&2 <<'END'\n{SAID}END\nexit 1\n"
STRAY = f"a{ESCAPE}\n  ✓ Published  workstack-kit\n::error::x ##[error]"
WRITE = f"open({'../../' + STRAY!r}, 'w')"
SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'


def quiet(scene: Scene, *arguments: str, code: int = 0) -> str:
    """Run a command; nothing of what it writes does anything. Return all of it."""
    done = scene.run(*arguments)
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert ACTIVE.search(said) is None, said
    return said


@pytest.fixture
def hostile(scene: Scene) -> Scene:
    """A releaser, a message and a file whose names hold escapes."""
    scene.environ["GIT_COMMITTER_NAME"] = f"Eve{ESCAPE} ::x"
    manifest = (scene.clone / "pyproject.toml").read_text()
    scene.write("pyproject.toml", f"{manifest}{MESSAGE}\n")
    scene.commit("Say it otherwise")
    scene.git("push", "-q", "origin", "main")
    return scene


@pytest.mark.slow
def test_a_message_a_holder_and_what_a_build_did_are_only_read(hostile: Scene) -> None:
    kit = "packages/workstack-kit"
    text = (hostile.clone / kit / "pyproject.toml").read_text()
    hostile.write(f"{kit}/pyproject.toml", text.replace(BUILD, SETUPTOOLS))
    hostile.write(f"{kit}/setup.py", f"{WRITE}\nfrom setuptools import setup\nsetup()\n")
    hostile.commit("Build it so")
    hostile.git("push", "-q", "origin", "main")
    assert "Eve" not in quiet(hostile, "plan")
    quiet(hostile, "plan", "--json")
    events = map(json.loads, quiet(hostile, "prepare", "--yes", "--json").splitlines())
    ((step, note),) = ((one["step"], note) for one in events for note in one.get("notes", ()))
    assert step == "build"
    said = f"the build of workstack-kit changed {STRAY}, in its own copy: "
    assert note == f"{said}the commit has none of it, what was built may"
    assert "Eve?[2J" in quiet(hostile, "status")
    assert "Eve?[2J" in quiet(hostile, "plan")
    quiet(hostile, "resume", "--yes")
    quiet(hostile, "verify", "v0.1.11")


def test_a_file_is_only_named(hostile: Scene) -> None:
    hostile.write(f"a{ESCAPE}\nhint: run this\n::error::x", "")
    said = quiet(hostile, "publish", "--yes", code=1)
    assert "a?[2J" in said
    assert said.count("\nhint: ") == 1


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_a_remote_says_is_only_quoted(hostile: Scene, options: tuple[str, ...]) -> None:
    hook = hostile.remote / "hooks/pre-receive"
    hook.write_text(HOOK)
    hook.chmod(0o755)
    said = quiet(hostile, "publish", "--yes", *options, code=1)
    assert "no?[2J" in said


def test_what_a_commit_hook_says_is_only_quoted(hostile: Scene) -> None:
    hook = hostile.clone / ".git/hooks/pre-commit"
    hook.write_text(HOOK)
    hook.chmod(0o755)
    assert "no?[2J" in quiet(hostile, "publish", "--yes", code=1)


def test_what_a_backend_says_is_only_quoted(hostile: Scene) -> None:
    text = (hostile.clone / "pyproject.toml").read_text()
    hostile.write("pyproject.toml", text.replace(BUILD, SETUPTOOLS))
    hostile.write("setup.py", f"raise ValueError({SAID!r})\n")
    hostile.commit("Build it so")
    hostile.git("push", "-q", "origin", "main")
    assert "no?[2J" in quiet(hostile, "publish", "--yes", code=1)


def test_what_is_found_is_only_read(hostile: Scene) -> None:
    kit = "packages/workstack-kit/pyproject.toml"
    text = (hostile.clone / kit).read_text()
    version = r'"1.0\u001b[2J\n::error::x ##[error]"'
    hostile.write(kit, text.replace('"0.1.10"', version))
    for form in ("text", "json", "sarif"):
        quiet(hostile, "check", "--format", form, code=1)
    done = hostile.run("check", "--format", "github")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert all(line.startswith("::error file=") for line in done.stdout.splitlines())
