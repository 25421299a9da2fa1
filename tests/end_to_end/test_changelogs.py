"""A newcomer's changelog: `init`, `plan` and a release, without configuration about it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

KEPT = "# Changelog\n\n## [Unreleased]\n\n- Lanes.\n\n## [0.1.10] - 2026-01-02\n\n- Roads.\n"
TOWNCRIER = """\

[dependency-groups]
dev = ["towncrier==25.8.0"]

[tool.towncrier]
name = "Workstack"
directory = "news"
filename = "CHANGELOG.md"
"""


def begin(scene: Scene, style: str) -> None:
    """Keep a changelog, and know nothing of release-sync yet."""
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    root = root.partition("[tool.release-sync]")[0]
    if style == "towncrier":
        root += TOWNCRIER
        scene.write("news/1.feature.md", "Lanes.\n")
        scene.write("CHANGELOG.md", "# Changelog\n\n")
    else:
        scene.write("CHANGELOG.md", KEPT)
    scene.write("pyproject.toml", root)
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    done = scene.run("init")
    assert done.returncode == 0, done.stderr
    how = "by the workspace's own towncrier" if style == "towncrier" else "from what stands below"
    assert f"releases write CHANGELOG.md, {how}" in done.stderr
    table = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    assert "changelog" not in table.partition("[tool.release-sync")[2]
    scene.commit("Adopt release-sync")
    scene.git("push", "-q", "origin", "main")


@pytest.mark.slow
@pytest.mark.parametrize("style", ["keep-a-changelog", "towncrier"])
def test_it_is_right_without_a_line_of_configuration(scene: Scene, style: str) -> None:
    begin(scene, style)
    plan = scene.run("plan")
    assert plan.returncode == 0, plan.stderr
    assert "+++ b/CHANGELOG.md" in plan.stdout
    assert "0.1.11" in plan.stdout.partition("b/CHANGELOG.md")[2].partition("\n---")[0]
    assert ("-Lanes.\n" in plan.stdout) is (style == "towncrier")

    done = scene.run("prepare", "--yes")
    assert done.returncode == 0, done.stderr
    candidate = scene.git("rev-parse", "refs/release-sync/default^{commit}")
    other = scene.another_clone()
    done = scene.run("resume", "--yes", cwd=other)
    if style == "towncrier":  # what it did has to be seen by somebody
        assert done.returncode == 1
        assert "--seal OID" in done.stderr
        assert "+- Lanes." in done.stderr
        seal = scene.run("status", "--json", cwd=other).stdout.partition('"seal": "')[2][:40]
        done = scene.run("resume", "--seal", seal, "--yes", cwd=other)
    assert done.returncode == 0, done.stderr
    assert scene.refs()["refs/heads/main"] == candidate
    scene.git("pull", "-q")
    text = (scene.clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "0.1.11" in text
    assert text.count("Lanes.") == 1
    assert not (scene.clone / "news" / "1.feature.md").exists()
    assert len(scene.served()) == 4
