"""What a rehearsal needs, and what it leaves."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

HOOKS = Path(__file__).parents[2] / "hooks"


def test_a_machine_where_git_knows_nobody_can_rehearse(scene: Scene, tmp_path: Path) -> None:
    nobody = tmp_path / "nobody"
    nobody.mkdir()
    # git guesses an identity from the host's name unless it is told not to.
    (nobody / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    environ = {**scene.environ, "HOME": str(nobody), "XDG_CONFIG_HOME": str(nobody)}
    before = scene.git("status", "--porcelain", "--ignored"), scene.git("for-each-ref")
    done = replace(scene, environ=environ).run("rehearse")
    assert done.returncode == 0, done.stderr
    assert "Rehearsed  v0.1.11" in done.stdout + done.stderr
    assert (scene.git("status", "--porcelain", "--ignored"), scene.git("for-each-ref")) == before
    assert scene.served() == []


def test_git_hooks_find_the_guardrail_that_is_installed_beside_us(scene: Scene) -> None:
    scene.git("config", "core.hooksPath", str(HOOKS))
    beside = str(Path(sys.executable).parent)
    path = [one for one in scene.environ["PATH"].split(os.pathsep) if one != beside]
    done = scene.run("rehearse", environ={"PATH": os.pathsep.join(path)})
    assert done.returncode == 0, done.stderr
