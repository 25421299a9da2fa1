"""``init`` where nothing declares a workspace: the packages are found by what they say."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from tests.fakes.command_line import release_sync
from tests.fakes.small_workspace import SmallWorkspace

from release_sync.configuration.table import configuration

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = """\
[project]
name = "{0}"
version = "{1}"
dependencies = {2}

[build-system]
requires = ["hatchling"]
"""
WORKSPACE = (
    PACKAGE.replace("{1}", "1.0").replace("{2}", '["{1}"]')
    + "[tool.uv.workspace]\nmembers = ['trial']\n"
)


@pytest.fixture
def place(tmp_path: Path) -> SmallWorkspace:
    return SmallWorkspace(tmp_path)


def package(place: SmallWorkspace, folder: str, at: str = "1.0", *needs: str) -> None:
    text = PACKAGE.format(folder.rpartition("/")[2] or "top", at, list(needs))
    place.write(f"{folder}/pyproject.toml".lstrip("/"), text)


def init(place: SmallWorkspace, *options: str) -> tuple[int, str]:
    done = release_sync("init", place.root, *options)
    return done.exit_code, done.output


def table(place: SmallWorkspace) -> dict[str, object]:
    text = (place.root / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, object] = tomllib.loads(text)["tool"]["release-sync"]
    return found


def test_a_package_and_one_that_it_requires_are_a_workspace_and_examples_are_not(
    place: SmallWorkspace,
) -> None:
    package(place, "", "1.18", "backend>=1.2")
    package(place, "backend", "1.32")
    package(place, "backend/tests/downstream/other", "3.0", "backend")
    package(place, "my-example/apps/one", "3.0", "backend")
    package(place, "tools/alone", "0.1")
    place.commit()
    for tag in ("top-v1.17", "backend-v1.32", "top-v1.18"):
        place.git("tag", tag)
    code, said = init(place, "--git-hooks")
    assert code == 0, said
    assert table(place) == {
        "packages": ["backend"],
        "pin": "compatible",
        "tag": "{group}-v{version}",
        "independent": ["top", "backend"],
    }
    assert "note: not in `packages`, for neither siblings nor tags name them: tools/alone" in said
    assert place.findings() == []
    place.git("add", "--all")
    place.git("commit", "-qm", "adopted", "--no-verify")
    for options in (["--git-hooks"], ["--git-hooks", "--check"]):
        code, said = init(place, *options)
        assert code == 0
        assert "all of it is there already" in said
    assert place.git("status", "--short") == ""


def test_packages_with_tags_of_their_own_get_a_manifest_at_the_top(place: SmallWorkspace) -> None:
    package(place, "libs/one", "1.0")
    package(place, "libs/two", "2.0", "one==1.0")
    package(place, "plugins/three", "3.0")
    package(place, "other/four", "4.0")
    place.write("libs/docs/pyproject.toml", "[tool.ruff]\n")
    place.write("libs/broken/pyproject.toml", "[")
    place.commit()
    place.write("pyproject.toml", "[tool.release-sync]\n")
    code, said = init(place)
    assert code == 2
    assert 'here is packages = ["libs/one", "libs/two"] (they require each other); name' in said
    (place.root / "pyproject.toml").unlink()
    for tag in ("one-v1.0", "two-v2.0", "three-v3.0"):
        place.git("tag", tag)
    code, said = init(place)
    assert code == 0, said
    assert "pyproject.toml: made, with [tool.release-sync]" in said.splitlines()
    text = (place.root / "pyproject.toml").read_text(encoding="utf-8")
    assert text.startswith("[tool.release-sync]\n")
    assert place.findings() == []
    assert table(place) == {
        "packages": ["libs/one", "libs/two", "plugins/three"],
        "tag": "{group}-v{version}",
        "independent": ["one", "two", "three"],
    }
    assert "neither siblings nor tags name them: other/four" in said


def test_tags_name_folders_and_what_is_new_beside_them_belongs_to_them(
    place: SmallWorkspace,
) -> None:
    for folder, name in {"one_db": "acme-db", "two": "two-acme", "new": "acme-new"}.items():
        text = PACKAGE.format(name, "1.0", [])
        place.write(f"integrations/{folder}/pyproject.toml", text)
    place.commit()
    for tag in ("integrations/one_db-v1.0", "integrations/two-v1.0", "1.0", "client/go/v1.0"):
        place.git("tag", tag)
    code, said = init(place)
    assert code == 0, said
    assert table(place)["packages"] == ["integrations/*"]
    assert table(place)["tag"] == "{version}"


def test_below_a_folder_the_lowest_manifest_around_them_has_the_table(
    place: SmallWorkspace,
) -> None:
    place.write("python/pyproject.toml", "[tool.ruff]\n")
    package(place, "python/a", "1.0", "b==1.0")
    package(place, "python/b")
    place.commit()
    code, said = init(place)
    assert code == 0, said
    assert "python/pyproject.toml: added [tool.release-sync]" in said.splitlines()
    assert not (place.root / "pyproject.toml").exists()
    assert init(place)[1].startswith("Nothing was changed")


def test_a_workspace_of_few_packages_does_not_stand_for_the_others(place: SmallWorkspace) -> None:
    package(place, "")
    package(place, "plugins/one", "1.0", "top==1.0")
    package(place, "plugins/two", "1.0", "top==1.0")
    place.write("plugins/two/pyproject.toml", WORKSPACE.format("two", "top==1.0"))
    package(place, "plugins/two/trial", "1.0", "two==1.0")
    place.commit()
    code, said = init(place)
    assert code == 0, said
    assert table(place) == {"packages": ["plugins/*", "plugins/two/trial"]}


def test_a_workspace_of_most_packages_is_the_repositorys(place: SmallWorkspace) -> None:
    place.write("python/pyproject.toml", WORKSPACE.format("two", "trial==1.0"))
    package(place, "python/trial")
    package(place, "tools/alone", "0.1", "two==1.0")
    place.commit()
    code, said = init(place)
    assert code == 0, said
    assert "python/pyproject.toml: added [tool.release-sync]" in said.splitlines()


@pytest.mark.parametrize("top", [True, False])
def test_where_nothing_says_how_they_belong_together_each_choice_can_be_pasted(
    place: SmallWorkspace, *, top: bool
) -> None:
    package(place, "libs/one", "1.0")
    package(place, "libs/two", "2.0")
    if top:
        package(place, "")
    place.commit()
    before = place.git("status", "--short")
    code, said = init(place)
    assert code == 2
    assert f"there are {2 + top} packages, and nothing says how they belong together" in said
    tables = [tomllib.loads(f"[tool.release{one}") for one in said.split("[tool.release")[1:]]
    read = [configuration(one["tool"]["release-sync"]) for one in tables]
    choices = [(one.packages, one.independent) for one in read]
    assert choices == [(("libs/*",), ()), (("libs/*",), ("*",)), ((), ())][: 2 + top]
    assert place.git("status", "--short") == before


def test_templates_and_hidden_folders_hold_no_packages(place: SmallWorkspace) -> None:
    package(place, "one", "1.0", "two")
    package(place, "two")
    package(place, ".tools/three", "1.0", "one")
    place.write("new/{{ cookiecutter.name }}/pyproject.toml", "[project]\n{% if x %}\n")
    place.commit()
    code, said = init(place)
    assert code == 0, said
    assert table(place)["packages"] == ["one", "two"]


def test_packages_that_only_code_describes_are_named(place: SmallWorkspace) -> None:
    place.write("pyproject.toml", '[build-system]\nrequires = ["setuptools"]\n')
    for name in ("one", "two"):
        place.write(f"{name}/pyproject.toml", '[build-system]\nrequires = ["setuptools"]\n')
        place.write(f"{name}/setup.py", "from setuptools import setup\nsetup(name='x')\n")
    place.write("examples/own/setup.py", "from setuptools import setup\nsetup(name='x')\n")
    place.commit()
    code, said = init(place)
    assert code == 2
    assert "not run: one/setup.py, two/setup.py\n" in said
    assert "hint: give each a pyproject.toml with a [project] table" in said
