"""The workspace that this tool was first planned for: its manifests, with small sources of ours."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "workstack-0.1.10"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")


@pytest.fixture
def workstack(scene: Scene) -> Path:
    """Lay the manifests out with a module for each package, and commit them in a repository."""
    root = scene.folder / "workstack"
    shutil.copytree(CORPUS, root)
    for manifest in root.rglob("pyproject.toml"):
        # A machine need not have Python 3.13 in order to build two empty packages.
        text = manifest.read_text(encoding="utf-8")
        manifest.chmod(0o644)
        manifest.parent.chmod(0o755)
        manifest.write_text(text.replace(">=3.13", ">=3.11"), encoding="utf-8")
    (root / "uv.lock").unlink()
    for folder in ("src/workstack", "packages/devclikit/src/devclikit"):
        scene.write(f"{folder}/__init__.py", "", cwd=root)
    for path, name in (("cli/cli", "main"), ("dev_cli/__main__", "cli")):  # its entry points
        scene.write(f"src/workstack/{path}.py", f"def {name}() -> None: ...\n", cwd=root)
    scene.write("README.md", "# workstack\n", cwd=root)
    scene.git("init", "-q", cwd=root)
    scene.commit("Begin", cwd=root)
    return root


def test_the_one_missing_pin_is_reported_with_its_line(scene: Scene, workstack: Path) -> None:
    done = scene.run("check", cwd=workstack)
    assert done.returncode == 1
    found = [line for line in done.stdout.splitlines() if " RS" in line]
    assert len(found) == 1
    assert re.match(r"pyproject\.toml:18:5: RS201 .*devclikit", found[0]), found


def test_with_the_pin_it_is_released_in_order_and_required_exactly(
    scene: Scene, workstack: Path
) -> None:
    text = (workstack / "pyproject.toml").read_text(encoding="utf-8")
    pinned = text.replace('    "devclikit",\n', '    "devclikit==0.1.10",\n')
    scene.write("pyproject.toml", pinned, cwd=workstack)
    scene.commit("Pin devclikit", cwd=workstack)
    done = scene.run("rehearse", "--keep", cwd=workstack)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"✓ Published +(\S+ \S+)", done.stderr) == [
        "devclikit 0.1.11",
        "workstack 0.1.11",
    ]
    folder = Path(re.findall(r"Folder +(\S+)", done.stderr)[0])
    try:
        with zipfile.ZipFile(folder / "packages/workstack-0.1.11-py3-none-any.whl") as wheel:
            metadata = wheel.read("workstack-0.1.11.dist-info/METADATA").decode()
        assert "Requires-Dist: devclikit==0.1.11" in metadata
        assert "refs/tags/v0.1.11" in scene.git("for-each-ref", cwd=folder / "remote.git")
    finally:
        shutil.rmtree(folder)
    assert scene.git("status", "--porcelain", cwd=workstack) == ""
    assert scene.git("tag", cwd=workstack) == ""
