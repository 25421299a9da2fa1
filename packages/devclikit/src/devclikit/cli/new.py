"""``devclikit new``: a folder with an app that runs."""

from __future__ import annotations

import keyword
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

import click

from devclikit.cli import origin, starter
from devclikit.errors import Stop
from devclikit.everywhere import Command
from devclikit.settings import settings

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_TAKEN = frozenset(
    {"click", "devclikit", "pip", "pytest", "python", "python3", "pythonw", "test", "uv"}
    | {"colorama", "iniconfig", "packaging", "pluggy", "pygments"}  # what pytest needs
)
"""What the new app stands on, or runs with; `test` is of Python, too, which does not list it."""


@click.command("new", cls=Command)
@click.argument("name")
@click.option("--source", metavar="WHERE", help=f"Where devclikit comes from: {origin.FORMS}.")
def command(name: str, source: str | None) -> None:
    """Make the folder NAME, with an app in it that runs: `uv run NAME --help`.

    It has a package with one command, a folder with one script, a README, and tests that pass.
    """
    check(name)
    found = origin.installed() if source is None else origin.given(source)
    if found is None:
        raise Stop(
            "nothing says where this devclikit was installed from, and the index has another one",
            f"say it: `devclikit new {name} --source WHERE`, where WHERE is {origin.FORMS}",
        )
    version = metadata.version("devclikit").partition("+")[0]
    where = str(found.get("path") or found.get("git") or found.get("url"))
    is_local = "path" in found or where.startswith("file:")
    files = starter.filled(name, version, origin.as_toml(found), is_local=is_local)
    write(Path(name), files)
    if settings().quiet:
        return
    click.echo(f"made {name}/ with {len(files)} files")
    if is_local:
        click.echo(f"its devclikit is {where}: on this machine only (see its README)")
    click.echo(f"next: cd {name} && uv run {name} --help")


def check(name: str) -> None:
    """Raise Stop for a name that can't be a folder's, a program's and a package's at once."""
    if not _NAME.fullmatch(name):
        raise Stop(
            f"{name!r} can't be the name of an app",
            "take small letters, digits and single `-`, with a letter first, like `acme-tools`",
        )
    package = name.replace("-", "_")
    if name in _TAKEN or keyword.iskeyword(package) or package in sys.stdlib_module_names:
        raise Stop(f"the name {name} is taken: Python, or the app itself, needs what has it")


def write(folder: Path, files: dict[str, str]) -> None:
    """Make the folder with these files, or nothing. Raises Stop when it is there already."""
    try:
        folder.mkdir()
    except FileExistsError:
        raise Stop(f"{folder} is there already", "take another name, or another folder") from None
    except OSError as error:
        raise Stop(f"the folder {folder} can't be made: {error.strerror}") from error
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Stop(f"the files of {folder} can't be written: {error.strerror}") from error
