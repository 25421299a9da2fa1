"""The documentation and the command line say the same."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from devclikit.lazy import load
from release_sync.cli.program import COMMANDS, program

HERE = Path(__file__).parents[2]
DOCUMENTS = sorted([HERE / "README.md", HERE / "CONTRIBUTING.md", *(HERE / "docs").rglob("*.md")])


def said(pattern: str) -> list[tuple[str, re.Match[str]]]:
    """What the documents say, each with its document."""
    return [
        (str(path.relative_to(HERE)), found)
        for path in DOCUMENTS
        for found in re.finditer(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_help_is_the_commands_own(name: str) -> None:
    command = load(COMMANDS[name].target)
    assert command.name == name
    first = (command.help or "").partition("\n\n")[0].replace("\n", " ")
    assert COMMANDS[name].help == first


def test_every_command_module_is_listed() -> None:
    folder = HERE / "src" / "release_sync" / "cli"
    defining = {
        path.stem
        for path in folder.rglob("*.py")
        if re.search(r"^def command\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    # `crashing_release` is what a rehearsal starts in order to kill it; nobody else calls it.
    assert defining - {"crashing_release"} == set(COMMANDS)


def test_every_command_in_the_documents_exists() -> None:
    found = said(r"(?:`|^\$ )release-sync (?:-\S+ )*([a-z]+)\b")
    assert [(document, one[1]) for document, one in found if one[1] not in COMMANDS] == []


def test_the_readme_names_every_command() -> None:
    text = (HERE / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`release-sync {name}" not in text] == []


def test_every_option_in_the_documents_exists() -> None:
    lines = said(r"(?:`|^\$ )release-sync (?:-\S+ )*([a-z]+)([^`\n#]*)")
    assert len(lines) > len(COMMANDS)
    for document, found in lines:
        command = load(COMMANDS[found[1]].target)
        params = command.get_params(click.Context(command, **program.context_settings))
        known = {one for param in params for one in options(param)}
        asked = set(re.findall(r"(?<!\S)\[?(--[a-z-]+)", found[2]))
        assert asked <= known, f"{document}: {found[0]}"


def options(param: click.Parameter) -> list[str]:
    return [*param.opts, *param.secondary_opts, "--help"]


def test_every_make_target_in_the_documents_exists() -> None:
    makefile = (HERE / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE))
    found = said(r"(?:`|^\$ |^)make ([a-z-]+)")
    assert [(document, one[1]) for document, one in found if one[1] not in targets] == []
