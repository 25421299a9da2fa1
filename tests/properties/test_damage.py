"""Damaged manifests: a clear answer, and never a traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.properties.mutations import mutated

from devclikit.boundary import Boundary
from release_sync import hook
from release_sync.cli.program import program, version
from release_sync.errors import Problem
from release_sync.guardrail.report.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).parents[2]
FILES = ("pyproject.toml", "uv.lock", "*.py")
ANSWERS = {0, 1, 2}


@pytest.fixture(scope="module", params=["own", "corpus"])
def workspaces(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """Copy a corpus, and this workspace; a manifest that is damaged is restored afterwards."""
    corpus: Path = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("damage")
    for one in sorted(path.parent for path in corpus.glob("*/pyproject.toml")):
        shutil.copytree(one, folder / one.name)
    for path in ("pyproject.toml", "packages/devclikit/pyproject.toml"):
        (folder / "own" / path).parent.mkdir(parents=True)
        shutil.copy(REPOSITORY / path, folder / "own" / path)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("hundred", range(2))
def test_a_damaged_workspace_is_answered(
    workspaces: list[Path], hundred: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(workspaces, range(100 * hundred, 100 * (hundred + 1)), monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(10))
def test_ten_thousand_damaged_workspaces_are_answered(
    workspaces: list[Path], thousand: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(workspaces, range(1000 * thousand, 1000 * (thousand + 1)), monkeypatch)


@pytest.mark.parametrize("case", [7, 77])
@pytest.mark.parametrize("module", ["release_sync.hook", "release_sync.cli.main"])
def test_a_process_answers_a_damaged_workspace_without_a_traceback(
    workspaces: list[Path], case: int, module: str
) -> None:
    with _Damage(workspaces, case) as root:
        run = [sys.executable, "-m", module, "check"]
        done = subprocess.run(run, check=False, cwd=root, capture_output=True, timeout=60)
        assert done.returncode in ANSWERS, case
        assert b"Traceback" not in done.stderr + done.stdout, case
        assert done.stderr if done.returncode else not done.stdout.startswith(b"error"), case


class _Damage:
    """One file of one workspace, damaged for as long as the context lasts; a number says how."""

    def __init__(self, workspaces: list[Path], case: int) -> None:
        chance = Random(case)  # noqa: S311 - repeatable, not secret
        self.root = chance.choice(workspaces)
        files = sorted(path for glob in FILES for path in self.root.rglob(glob))
        # The root's manifest decides most: every other case damages it.
        self.file = chance.choice([self.root / "pyproject.toml", chance.choice(files)])
        self.before = self.file.read_bytes()
        self.kept = {path: path.read_bytes() for path in files}
        self.after = mutated(self.before, chance)

    def __enter__(self) -> Path:
        self.file.write_bytes(self.after)
        return self.root

    def __exit__(self, *_: object) -> None:
        for path, data in self.kept.items():  # a fix may have changed others
            path.write_bytes(data)


def _answer(workspaces: list[Path], cases: range, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check and fix each damaged workspace; the exit code 3 would be our own fault."""
    entrances: list[Callable[[], int]] = [
        lambda: hook.main(["check"]),
        lambda: Boundary("release-sync", version, problem=Problem).run(program),
        lambda: hook.main(["fix"]),
    ]
    for case in cases:
        form = sorted(FORMATS)[case % len(FORMATS)]
        monkeypatch.setattr(sys, "argv", ["release-sync", "check", "--format", form])
        with _Damage(workspaces, case) as root:
            monkeypatch.chdir(root)
            found = [entrance() for entrance in entrances]
        assert set(found) <= ANSWERS, case
        assert found[0] == found[1], case
