"""Workspaces to measure on: a chain of members, locked and committed, with what the peers read."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "0.1.0"
BUILD = '[build-system]\nrequires = ["hatchling>=1.27"]\nbuild-backend = "hatchling.build"\n'
HOOK = """\
repos:
  - repo: local
    hooks:
      - id: it
        name: it
        entry: "{entry}"
        language: system
        always_run: true
        pass_filenames: false
"""
SCHEMA = {
    "type": "object",
    "required": ["project"],
    "properties": {"project": {"type": "object", "required": ["name", "version"]}},
}


def lay_out(root: Path, members: int, hook: Path, uv: Path, environ: dict[str, str]) -> list[str]:
    """Make a workspace of so many members, the root among them; return the manifests' paths."""
    shutil.rmtree(root, ignore_errors=True)
    names = [f"member-{number}" for number in range(1, members)]
    _write(root / "pyproject.toml", _root(names))
    paths = ["pyproject.toml"]
    for number, name in enumerate(names):
        folder = root / "packages" / name
        needs = names[number - 1 : number] if number else []
        _write(folder / "pyproject.toml", _manifest(name, needs))
        _write(folder / "src" / name.replace("-", "_") / "__init__.py", f'"""{name}."""\n')
        paths.append(f"packages/{name}/pyproject.toml")
    _write(root / "src/top/__init__.py", '"""top."""\n')
    _peers(root, hook)
    for command in (
        [str(uv), "lock", "-q"],
        ["git", "init", "-q"],
        ["git", "add", "-A"],
        ["git", "commit", "-q", "-m", "Begin"],
        ["git", "gc", "-q"],  # objects are packed in every clone
    ):
        subprocess.run(command, cwd=root, env=environ, check=True)
    return paths


def _root(names: list[str]) -> str:
    sources = "".join(f"{name} = {{ workspace = true }}\n" for name in names)
    return (
        f"{_manifest('top', names[-1:])}\n"
        f'[tool.uv.workspace]\nmembers = ["packages/*"]\n\n[tool.uv.sources]\n{sources}'
    )


def _manifest(name: str, needs: list[str]) -> str:
    pins = "".join(f'    "{need}=={VERSION}",\n' for need in needs)
    return (
        f'[project]\nname = "{name}"\nversion = "{VERSION}"\nrequires-python = ">=3.11"\n'
        f"dependencies = [\n{pins}]\n\n{BUILD}"
    )


def _peers(root: Path, hook: Path) -> None:
    """Write the configuration that each peer asks for; none of them reads the members."""
    _write(root / ".bumpversion.toml", f'[tool.bumpversion]\ncurrent_version = "{VERSION}"\n')
    _write(root / ".cz.toml", '[tool.commitizen]\nversion_provider = "pep621"\n')
    _write(root / "schema.json", json.dumps(SCHEMA))
    _write(root / "nothing.yaml", HOOK.format(entry="true"))
    _write(root / "ours.yaml", HOOK.format(entry=f"{hook} check"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
