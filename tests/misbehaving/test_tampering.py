"""A program that changes files between the check of their hash and the upload."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene
    from tests.misbehaving.conftest import Stage

UV = """\
#!{python}
import os, sys, zipfile
from pathlib import Path
if sys.argv[1] == "publish":
    for wheel in {which}:
        wheel.chmod(0o600)
        with zipfile.ZipFile(wheel, "a") as archive:
            archive.writestr("backdoor.py", "")
os.execv({uv!r}, [{uv!r}, *sys.argv[1:]])
"""

SENT = '[Path(one) for one in sys.argv if one.endswith(".whl")]'
KEPT = f"[Path({{folder!r}}, one.name) for one in {SENT}]"


def with_uv(scene: Scene, which: str) -> dict[str, str]:
    """Put a program before uv that changes wheels, at the last moment before uv opens them."""
    program = scene.folder / "bin/uv"
    program.parent.mkdir()
    uv = shutil.which("uv", path=scene.environ["PATH"])
    which = which.format(folder=str(scene.clone / ".git/release-sync/artifacts/default"))
    program.write_text(UV.format(python=sys.executable, which=which, uv=uv))
    program.chmod(0o755)
    return {"PATH": f"{program.parent}:{scene.environ['PATH']}"}


def test_what_is_kept_is_changed_and_what_is_sealed_is_published(
    set_stage: Callable[..., Stage],
) -> None:
    scene = set_stage().scene
    done = scene.run("publish", "--yes", environ=with_uv(scene, KEPT))
    assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4
    verified = scene.run("verify", "v0.1.11")
    assert verified.returncode == 0, verified.stderr
    kept = scene.clone / ".git/release-sync/artifacts"
    assert list(kept.iterdir()) == []


def test_what_is_sent_is_changed_and_the_release_stops_and_says_so(
    set_stage: Callable[..., Stage],
) -> None:
    scene = set_stage().scene
    done = scene.run("publish", "--yes", environ=with_uv(scene, SENT))
    assert done.returncode == 4, done.stderr
    assert "was changed by another program while it was sent" in done.stderr
    assert "refs/tags/v0.1.11" not in scene.refs()
    again = scene.run("resume", "--yes")
    assert again.returncode == 4, again.stderr
    assert "serves another file as workstack_kit-0.1.11-py3-none-any.whl" in again.stderr
