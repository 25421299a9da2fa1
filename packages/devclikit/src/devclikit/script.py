"""A runner for PEP 723 scripts: in the environment that they ask for, through uv."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import click

from devclikit.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# The two expressions of PEP 723: the reference one, and its first line, which also finds a block
# that is never closed.
_BLOCK = re.compile(
    r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$",
)
_OPENING = re.compile(r"(?m)^# /// script$")
_SIGNALLED = 128


def metadata(text: str) -> dict[str, Any]:
    """Return the ``script`` block of a script's text, parsed.

    Raises Stop when there is none, more than one, one that is never closed, or one that is not
    TOML (PEP 723, "Specification").
    """
    blocks = [match for match in _BLOCK.finditer(text) if match["type"] == "script"]
    if len(blocks) > 1:
        raise Stop("the script has more than one `# /// script` block", "keep one of them")
    if not blocks:
        raise _no_block(text)
    lines = blocks[0]["content"].split("\n")  # as the expressions do, and TOML
    try:
        return tomllib.loads("\n".join(line[2:] for line in lines))
    except tomllib.TOMLDecodeError as error:
        raise Stop(f"the `# /// script` block is not TOML: {error}", "see PEP 723") from error


def _no_block(text: str) -> Stop:
    if _OPENING.search(text):
        return Stop(
            "the `# /// script` block is never closed",
            "end it with a line `# ///`; every line in between begins with `# `, or is `#`",
        )
    return Stop("the script has no `# /// script` block", "add one that names its dependencies")


def read(path: Path) -> dict[str, Any]:
    """Return the metadata of a script file. Raises Stop, naming the file."""
    try:
        return metadata(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"{path} can't be read: {error}") from error
    except Stop as stop:
        raise Stop(f"{path}: {stop.message}", stop.hint) from stop


def run(path: Path, arguments: Sequence[str] = (), environ: Mapping[str, str] | None = None) -> int:
    """Run a script with ``uv run --script`` and return its exit code.

    The metadata is read first, so that what is wrong with it is said in our words. A script that
    a signal ended gives 128 + the signal, as in a shell. Raises Stop.
    """
    read(path)
    uv = shutil.which("uv", path=None if environ is None else environ.get("PATH", ""))
    if uv is None:
        raise Stop("uv is not on PATH, and the script needs it", "pip install uv")
    line = [uv, "run", "--quiet", "--script", str(path), *arguments]
    code = subprocess.run(line, env=environ, check=False).returncode
    return code if code >= 0 else _SIGNALLED - code


def script_command(name: str, path: Path, text: str = "") -> click.Command:
    """Return a click command that runs the script, handing it every argument as it came."""
    settings = {"ignore_unknown_options": True, "help_option_names": []}

    @click.command(name, help=text, context_settings=settings, add_help_option=False)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> int:
        return run(path, arguments)

    return command
