"""What a rehearsal needs, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene


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
