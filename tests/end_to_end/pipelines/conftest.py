"""What the pipelines of every host are tried with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

SOURCE = "https://example.com/release-sync@v9"


def adopted(scene: Scene, *options: str) -> str:
    """Write the pipeline as a new user would, commit and push it, and return the commit."""
    done = scene.run("init", "--source", SOURCE, *options)
    assert done.returncode == 0, done.stderr
    commit = scene.commit("Add the pipeline")
    scene.git("push", "-q", "origin", "main")
    return commit


def with_last_step(scene: Scene) -> None:
    """Let the workspace have a step behind a release."""
    text = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    step = 'after-land = [{ run = ["python3", "-c", "print(input()[:70])"] }]'
    scene.write("pyproject.toml", f"{text}\n[tool.release-sync.steps]\n{step}\n")


def login(scene: Scene) -> dict[str, dict[str, str]]:
    """Return the secrets of the environment ``release``."""
    names = ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD")
    return {"release": {name: scene.environ[name] for name in names}}


def of_uv(scene: Scene) -> dict[str, str]:
    """Return what uv needs here: its cache, and whom it trusts."""
    return {
        name: value
        for name, value in scene.environ.items()
        if name.startswith(("UV_", "SSL_")) and not name.startswith("UV_PUBLISH")
    }


def room(scene: Scene) -> Path:
    """Return a folder for a runner."""
    folder = scene.folder / "runner"
    folder.mkdir()
    return folder
