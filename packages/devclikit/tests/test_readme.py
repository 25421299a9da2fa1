"""Every command of the README, and of the page for who moves here, shows what stands below it.

The commands of a section are run one after the other, in an empty folder.

A block of a file that the text names just before it (`tools/x.py`:) is written. In what a command
shows, a line `…` stands for any lines, and `…` in a line for any text.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

PAGES = (
    Path(__file__).parents[1] / "README.md",
    Path(__file__).parents[3] / "docs" / "migrating-devclikit.md",
)
TEXTS = [one.read_text(encoding="utf-8") for one in PAGES]
_BLOCK = re.compile(r"(?:`([\w./]+)`:\n\n)?```(\w+)\n(.*?)```", re.DOTALL)
_RUN = '{ %s\n}; code=$?; printf "\\0%%s\\0" "$PWD"; exit $code'


class Section(NamedTuple):
    """A section of second rank: the files that it writes, and the commands with what they show."""

    title: str
    files: dict[str, str]
    commands: list[tuple[str, str]]


def sections() -> list[Section]:
    """Return the sections that have commands."""
    found = []
    for part in "".join(TEXTS).split("\n## ")[1:]:
        blocks = list(_BLOCK.finditer(part))
        files = {one[1]: one[3] for one in blocks if one[1]}
        consoles = "".join(one[3] for one in blocks if one[2] == "console")
        commands = [command(one) for one in f"\n{consoles}".split("\n$ ")[1:]]
        if commands:
            found.append(Section(part.partition("\n")[0], files, commands))
    return found


def command(text: str) -> tuple[str, str]:
    line, _, shown = text.partition("\n")
    return line, shown.strip("\n")


def pattern(shown: str) -> str:
    """Return the expression that what is shown has to match."""
    lines = (
        r"(?:[^\n]*\n)*" if line == "…" else re.escape(line).replace("…", "[^\n]*") + "\n"
        for line in shown.splitlines()
    )
    return "".join(lines)


def is_slow(section: Section) -> bool:
    """Return whether it makes an environment, with what it downloads."""
    return any(line.startswith("uv ") for line, _ in section.commands)


def environment(*folders: Path) -> dict[str, str]:
    """Return an environment that finds programs in these folders first, and then in our own."""
    path = [*map(str, folders), str(Path(sys.executable).parent), os.environ["PATH"]]
    # Else pytest imports all plugins that it finds, for seconds.
    quick = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return {**os.environ, "PATH": os.pathsep.join(path)} | quick


def installed(folder: Path) -> Path:
    """Install devclikit in both ways of the README; return the folder of a clone's program."""
    top = PAGES[0].parents[2]
    from_clone, from_address = re.findall(r"^uv tool install .*$", TEXTS[0], re.MULTILINE)
    lines = {"clone": from_clone, "address": from_address.replace("URL", top.as_uri())}
    for name, line in lines.items():
        places = {"UV_TOOL_DIR": folder / name, "UV_TOOL_BIN_DIR": folder / f"{name}-bin"}
        environ = environment() | {key: str(place) for key, place in places.items()}
        subprocess.run(["sh", "-c", line], cwd=top, env=environ, check=True, timeout=120)
    assert (folder / "address-bin" / "devclikit").exists()
    return folder / "clone-bin"


def run(section: Section, folder: Path, environ: dict[str, str]) -> None:
    """Run the commands of a section one after the other; a `cd` counts for the next ones."""
    for name, text in section.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for line, shown in section.commands:
        done = subprocess.run(
            ["sh", "-c", _RUN % line],
            cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        output, _, rest = done.stdout.partition("\0")
        folder = Path(rest.rstrip("\0"))
        assert done.returncode == 0, f"$ {line}\n{output}{done.stderr}"
        assert re.fullmatch(pattern(shown), output), f"$ {line}\n{output}\nis not\n{shown}"


@pytest.mark.parametrize(
    "section",
    [pytest.param(one, marks=[pytest.mark.slow] if is_slow(one) else []) for one in sections()],
    ids=lambda section: section.title,
)
def test_every_command_shows_what_the_page_says(
    section: Section, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folders = [installed(tmp_path_factory.mktemp("install"))] if is_slow(section) else []
    run(section, tmp_path, environment(*folders))


def test_the_sections_with_commands_are_known() -> None:
    titles = [one.title for one in sections()]
    assert titles[:2] == ["Commands from a folder", "A new app: `devclikit new`"]


def test_what_differs_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="is not"):
        run(Section("", {}, [("echo one", "two")]), tmp_path, environment())
    with pytest.raises(AssertionError, match="wrong"):
        run(Section("", {}, [("echo wrong >&2; false", "")]), tmp_path, environment())
    commands = [("cd a", ""), ("ls", "b"), ("echo 'a b c'", "a … c")]
    run(Section("", {"a/b": ""}, commands), tmp_path, environment())
