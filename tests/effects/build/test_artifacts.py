"""Building: one environment for the same requirements, and clear words when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.builds import built, make
from tests.fakes.plain_backend import write_member

from release_sync.effects.isolation.isolation import choose
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path


def test_members_with_the_same_requirements_share_one_environment(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make(tmp_path / "all" / name, "hatchling", "hatchling.build")
    (tmp_path / "all/pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["*"]\n')
    made = built(tmp_path / "all", "one", "two")
    assert [len(one.files) for one in made] == [2, 2]
    environments = [path.name for path in tmp_path.glob("all-out/build/environment-*")]
    assert environments == ["environment-0"]


@pytest.mark.parametrize("setting", ["auto", "off"])
def test_a_build_that_fails_is_quoted(tmp_path: Path, setting: str) -> None:
    folder = make(tmp_path / "one", "hatchling", "hatchling.build")
    text = (folder / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text(text.replace('"1.0"', '"1.0"\nreadme = "GONE.md"'))
    with pytest.raises(Problem) as caught:
        built(folder, isolation=choose(setting))
    assert "one-two does not build: " in caught.value.message
    assert "GONE.md" in caught.value.message.split("\n")[0]
    hint = "fix what hatchling.build says of the sdist, commit it, and try it with `release-sync"
    assert caught.value.hint.startswith(hint)
    assert ("no network" in caught.value.hint) is choose(setting).isolates


@pytest.mark.parametrize("setting", ["auto", "off"])
def test_a_backend_in_the_tree_that_asks_for_nothing_builds(setting: str, tmp_path: Path) -> None:
    """``requires = []`` is what PEP 518 says for it; uv installs no empty list."""
    write_member(tmp_path / "one-two", "one-two")
    (made,) = built(tmp_path / "one-two", isolation=choose(setting))
    names = [file.name for file in made.files]
    assert names == ["one_two-1.0.tar.gz", "one_two-1.0-py3-none-any.whl"]
    assert made.notes == ()


def test_a_backend_that_prints_builds_all_the_same(tmp_path: Path) -> None:
    folder = make(tmp_path / "one", "hatchling", "loud")
    manifest = folder / "pyproject.toml"
    manifest.write_text(f'{manifest.read_text()}backend-path = ["."]\n')
    said = "print(0); import os; os.write(1, b'1 1'); from hatchling.build import *; print('2')\n"
    (folder / "loud.py").write_text(said)
    (made,) = built(folder)
    assert [file.suffix for file in made.files] == [".gz", ".whl"]
