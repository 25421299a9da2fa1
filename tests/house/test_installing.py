"""docs/install.md: each way to install has release-sync, and devclikit from the same repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs" / "install.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)
    for line in block.split("\n")
    if line
]


def typed(line: str, folder: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Type a line where uv's tools go to a folder, and ``pip`` is that of an environment in it."""
    known = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    path = [folder / "bin", folder / "venv/bin", Path(sys.executable).parent, known["PATH"]]
    environ = {
        **known, "PATH": os.pathsep.join(map(str, path)),
        "UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin"),
    }  # fmt: skip
    return subprocess.run(
        ["sh", "-c", line.replace("URL", f"file://{folder / 'clone'}")],
        cwd=cwd, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Clone this repository, as it was committed last."""
    command = ["git", "clone", "-q", f"file://{HERE}", str(tmp_path / "clone")]
    subprocess.run(command, check=True)
    return tmp_path / "clone"


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in LINES if " install " in line])
def test_a_way_to_install_takes_both_packages_from_the_repository(
    line: str, clone: Path, tmp_path: Path
) -> None:
    if line.startswith("pip"):
        subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    done = typed(line, tmp_path, clone)
    assert done.returncode == 0, done.stderr
    said = typed(
        "release-sync --version && release-sync check && release-sync doctor --help",
        tmp_path,
        clone,
    )
    assert said.stdout.startswith("release-sync 0."), said.stderr
    (origin,) = tmp_path.rglob("site-packages/devclikit-*.dist-info/direct_url.json")
    assert f'"url":"file://{clone}' in origin.read_text(encoding="utf-8").replace(" ", "")


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("uvx")])
def test_a_way_to_run_it_once_runs_it(line: str, clone: Path, tmp_path: Path) -> None:
    done = typed(line.replace("rehearse", "rehearse --help"), tmp_path, clone)
    assert done.returncode == 0, done.stderr
    assert "in lockstep" in done.stderr or "Usage: release-sync rehearse" in done.stdout


@pytest.mark.slow
def test_pip_does_not_find_devclikit_for_a_git_address(clone: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    done = typed("pip install git+URL", tmp_path, clone)
    assert done.returncode != 0
    assert "No matching distribution found for devclikit==" in done.stderr


def test_the_page_shows_no_way_that_takes_devclikit_by_name() -> None:
    assert [line for line in LINES if re.search(r"install.*(?<![/\w])devclikit", line)] == []
    assert len(LINES) == 5
