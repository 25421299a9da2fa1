"""The documentation and the command line say the same."""

from __future__ import annotations

import re
import shlex
import signal
from pathlib import Path

import click
import pytest
from tests.fakes.console_page import calls
from tools.commands_page import page

from devclikit.boundary import BROKEN_PIPE, BUG, HUNG_UP, REFUSED
from devclikit.ending import ASKING, SIGNALLED, TYPED
from devclikit.lazy import load
from release_sync import errors
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
    ours = {name for name, one in COMMANDS.items() if not one.target.startswith("devclikit.")}
    # `crashing_release` is what a rehearsal starts in order to kill it; nobody else calls it.
    assert defining - {"crashing_release"} == ours


def test_every_exit_code_is_listed() -> None:
    page = (HERE / "docs" / "commands.md").read_text(encoding="utf-8")
    _, _, table = page.partition("\n## Exit codes\n")
    listed = {
        int(one)
        for one in re.findall(
            r"\d+", " ".join(re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE))
        )
    }
    kinds = (one for one in vars(errors).values() if isinstance(one, type))
    codes = {one.exit_code for one in kinds if issubclass(one, errors.Problem)}
    heard = {SIGNALLED + getattr(signal, name) for name in (*TYPED, *ASKING)}
    ours = {BUG, REFUSED, HUNG_UP, BROKEN_PIPE, *heard}
    assert listed == {0, *codes, *ours}


def test_every_command_in_the_documents_exists() -> None:
    found = said(r"(?:`|^\$ )release-sync (?:-\S+ )*([a-z]+)\b")
    assert [(document, one[1]) for document, one in found if one[1] not in COMMANDS] == []


def test_the_page_of_commands_is_what_help_shows() -> None:
    text = (HERE / "docs" / "commands.md").read_text(encoding="utf-8")
    assert text == page(), "run `python tools/commands_page.py >docs/commands.md`"
    assert [name for name in COMMANDS if f"\n## {name}\n" not in text] == []


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


def typed() -> list[tuple[str, str]]:
    """Return the lines in blocks of code that call release-sync, each with its document."""
    return [
        (str(path.relative_to(HERE)), line)
        for path in DOCUMENTS
        for line in calls(path.read_text(encoding="utf-8"))
    ]


RUN_BY = {
    "README.md": "end_to_end/test_guide_pages.py",
    "docs/changelog.md": "house/test_changelog_page.py",
    "docs/ci.md": "end_to_end/test_guide_pages.py",
    "docs/commands.md": "end_to_end/test_guide_pages.py",
    "docs/groups.md": "end_to_end/test_guide_pages.py",
    "docs/guardrail.md": "end_to_end/test_guide_pages.py",
    "docs/hosts.md": "end_to_end/test_guide_pages.py",
    "docs/migrating.md": "end_to_end/test_guide_pages.py",
    "docs/notes.md": "end_to_end/test_guide_pages.py",
    "docs/own-pipeline.md": "end_to_end/test_guide_pages.py",
    "docs/release.md": "end_to_end/test_guide_pages.py",
    "docs/start.md": "house/test_start_page.py",
}
"""The test that runs what a page shows in blocks; that of docs/install.md begins with `uv`."""


def test_every_page_with_commands_is_run_by_a_test() -> None:
    assert {document for document, _ in typed()} == {*RUN_BY}
    for document, test in RUN_BY.items():
        text = (HERE / "tests" / test).read_text(encoding="utf-8")
        assert Path(document).name in text, f"{test} does not name {document}"


def parse(line: str) -> None:
    """Parse what stands behind ``release-sync``. Raises UsageError as the command line would."""
    words = shlex.split(line)
    name = next((one for one in words if not one.startswith("-")), "")
    command = program.get_command(click.Context(program, **program.context_settings), name)
    if command is None:
        raise click.UsageError(f"there is no command {name}")
    words.remove(name)
    command.make_context(name, words)


def test_every_line_in_a_block_of_code_is_understood() -> None:
    lines = typed()
    assert len(lines) > 40
    refused = []
    for document, line in lines:
        if document.endswith("commands.md") and "[OPTIONS]" in line:
            continue
        try:
            parse(line)
        except click.ClickException as error:
            refused.append(f"{document}: release-sync {line}: {error.format_message()}")
    assert refused == []


@pytest.mark.parametrize(
    "line", ["chek", "check --fixx", "explain RS101 RS102", "publish --land up"]
)
def test_a_line_that_is_not_understood_is_found(line: str) -> None:
    with pytest.raises(click.UsageError):
        parse(line)
