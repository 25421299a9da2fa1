"""What the page on migrating shows is what `init` prints in such a repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.command_line import release_sync

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.small_workspace import SmallWorkspace

PAGE = Path(__file__).parents[2] / "docs" / "migrating.md"
SHOWN = re.compile(
    r"^## From (\S+)\n(?:(?!^## )[^\n]*\n)*?^```console\n\$ release-sync init\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
"""A section that shows what `init` prints, and the lines that it shows."""

ROOT = """[project]
name = "acme-root"
version = "0.1.0"
[tool.uv.workspace]
members = ["packages/*"]
[tool.uv.sources]
acme-core = { workspace = true }
"""

MANIFEST = """[build-system]
requires = []
[project]
name = "acme-{name}"
version = "{version}"
dependencies = [{needs}]
"""

SEMANTIC_RELEASE = """[tool.semantic_release]
tag_format = "acme-{name}-v{{version}}"
version_toml = ["pyproject.toml:project.version"]
"""


def manifests(core: str, web: str, more: str = "") -> dict[str, str]:
    pin = f'"acme-core=={core}"'
    return {
        "pyproject.toml": ROOT,
        "packages/core/pyproject.toml": MANIFEST.format(name="core", version=core, needs="")
        + more.format(name="core"),
        "packages/web/pyproject.toml": MANIFEST.format(name="web", version=web, needs=pin)
        + more.format(name="web"),
    }


BUMPVERSION = """[tool.bumpversion]
current_version = "0.2.0"
[[tool.bumpversion.files]]
glob = "packages/*/pyproject.toml"
"""

REPOSITORIES: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "bump-my-version": ({**manifests("0.2.0", "0.2.0"), ".bumpversion.toml": BUMPVERSION}, ()),
    "python-semantic-release": (
        manifests("1.0.0", "0.1.0", SEMANTIC_RELEASE),
        ("acme-core-v1.0.0", "acme-web-v0.1.0"),
    ),
}


def test_each_section_that_shows_init_is_tried() -> None:
    shown = dict(SHOWN.findall(PAGE.read_text(encoding="utf-8")))
    assert set(shown) == set(REPOSITORIES)


@pytest.mark.parametrize("tool", REPOSITORIES)
def test_init_prints_what_the_page_shows(
    tool: str, make: Callable[..., SmallWorkspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    files, tags = REPOSITORIES[tool]
    root = make(dict(files)).root
    steps = ["init", "add .", "commit --message Begin", *(f"tag {tag}" for tag in tags)]
    for step in steps:
        subprocess.run(["git", *step.split(" ")], cwd=root, check=True, capture_output=True)
    monkeypatch.chdir(root)
    result = release_sync("init")
    shown = dict(SHOWN.findall(PAGE.read_text(encoding="utf-8")))[tool]
    assert shown in result.stdout
