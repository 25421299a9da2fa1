"""PEP 723 scripts: their metadata, and running one in the environment that it asks for."""

from __future__ import annotations

import codecs
import os
import re
import sys
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from devclikit.errors import Stop

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# The canonical expression of the specification, but for one thing in which its text, which takes
# precedence, says more: a block may have no line between its first and its last. The second
# expression is its first line, which also finds a block that is never closed.
_BLOCK = re.compile(
    r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)*)^# ///$",
)
_OPENING = re.compile(r"(?m)^# /// script$")
_BETWEEN = "# ///\n# /// script\n"
_SEVERAL = ("the script has more than one `# /// script` block", "keep one of them")

Found = TypeVar("Found")


def metadata(source: str | bytes) -> dict[str, Any]:
    """Return the ``script`` block of a script, parsed; of bytes as UTF-8, as uv reads them.

    ``requires-python`` is a string, ``dependencies`` a list of strings and ``tool`` a table, where
    they are there; what else is there stays. A block that is never closed is none, and blocks of
    other types are left alone. Raises Stop when there is no block, more than one, one that is not
    TOML, or a field of another type (specification "Inline script metadata", first in PEP 723).
    """
    text = _decoded(source)
    blocks = [match for match in _BLOCK.finditer(text) if match["type"] == "script"]
    if len(blocks) > 1:
        raise Stop(*_SEVERAL)
    if not blocks:
        raise _no_block(text)
    (block,) = blocks
    before = text[: block.start("content")].count("\n")  # so that an error names the file's line
    lines = block["content"].split("\n")  # as the expressions do, and TOML
    try:
        table = tomllib.loads("\n" * before + "\n".join(line[2:] for line in lines))
    except tomllib.TOMLDecodeError as error:
        if _BETWEEN in block["content"]:  # where no line parts two, the expression takes both
            raise Stop(*_SEVERAL) from error
        raise Stop(f"the `# /// script` block is not TOML: {error}", "see PEP 723") from error
    _check_types(table)
    return table


def _decoded(source: str | bytes) -> str:
    """Return the text. Of the two ways of the specification to decode it, this is uv's: UTF-8."""
    if isinstance(source, bytes):
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            hint = "save it as UTF-8; uv reads no other encoding, whatever the script declares"
            raise Stop(f"the script is not UTF-8: {error}", hint) from error
    return source.replace("\r\n", "\n")


def _no_block(text: str) -> Stop:
    opening = _OPENING.search(text)
    if opening is None:
        return Stop("the script has no `# /// script` block", "add one that names its dependencies")
    line = text[: opening.start()].count("\n") + 1
    for block in _BLOCK.finditer(text):
        if block.start() < opening.start() < block.end():
            where = f"line {line} belongs to the block `{block['type']}` above it"
            return Stop(f"the `# /// script` block on {where}", "leave a line empty between them")
    return Stop(
        f"the `# /// script` block on line {line} is never closed",
        "end it with a line `# ///`; every line in between begins with `# `, or is `#`",
    )


def _check_types(table: Mapping[str, Any]) -> None:
    """Raise Stop for a field of the specification that is not as it says."""
    dependencies = table.get("dependencies", [])
    of_strings = isinstance(dependencies, list) and all(isinstance(x, str) for x in dependencies)
    for field, is_right, kind, example in (
        ("dependencies", of_strings, "a list of strings", '["requests<3", "rich"]'),
        ("requires-python", isinstance(table.get("requires-python", ""), str), "a string",
         '">=3.11"'),
        ("tool", isinstance(table.get("tool", {}), dict), "a table", "{ uv = {} }"),
    ):  # fmt: skip
        if not is_right:
            message = f"`{field}` in the `# /// script` block is not {kind}"
            raise Stop(message, f"write it like `{field} = {example}`")
    _check_specifiers(table.get("dependencies", []), table.get("requires-python", ""))


def _check_specifiers(dependencies: Sequence[str], python: str) -> None:
    """Raise Stop for a requirement, or for a range of Pythons, that can't be one."""
    from devclikit import specifiers  # noqa: PLC0415 - its expressions take longer than the rest

    if python and not specifiers.is_version_specifier(python):
        message = f"`requires-python` in the `# /// script` block can't be {python!r}"
        raise Stop(message, 'write it like `requires-python = ">=3.11"`')
    for one in dependencies:
        if not specifiers.is_dependency_specifier(one):
            message = f"{one!r} in the `# /// script` block names no dependency"
            raise Stop(message, 'write it like `"requests>=2,<3"`')


def read(path: Path) -> dict[str, Any]:
    """Return the metadata of a script file. Raises Stop, naming the file."""
    return _of_file(path, metadata)


def check(source: bytes) -> None:
    """Raise Stop for a script that uv would not run as its metadata asks."""
    metadata(source)
    if source.startswith(codecs.BOM_UTF8 + b"# /// script"):
        hint = "save it without the mark, or put a line before the block"
        raise Stop("uv overlooks the block behind its byte order mark", hint)


def check_file(path: Path) -> None:
    """Raise Stop for a script file that uv would not run so, naming the file."""
    _of_file(path, check)


def _of_file(path: Path, look: Callable[[bytes], Found]) -> Found:
    try:
        return look(path.read_bytes())
    except OSError as error:
        raise Stop(f"{path} can't be read: {error.strerror}") from error
    except Stop as stop:
        raise Stop(f"{path}: {stop.message}", stop.hint) from stop


def run(path: Path, arguments: Sequence[str] = (), environ: Mapping[str, str] | None = None) -> int:
    """Run a script with ``uv run --script`` and return its exit code.

    The metadata is read first, so that what is wrong with it is said in our words. A script that
    a signal ended gives 128 + the signal, as in a shell. Raises Stop.
    """
    from devclikit.programs import exit_code  # noqa: PLC0415 - a listing only looks at metadata

    return exit_code(completed(path, arguments, environ).returncode)


def completed(
    path: Path,
    arguments: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    *,
    captured: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Run a script as ``run`` does, and return the process that ended. Raises Stop.

    Only the script ends it: Ctrl-C and the signals that ask us to end are the script's.
    """
    from devclikit import programs  # noqa: PLC0415 - the same

    line = uv_line(path, arguments, environ, is_captured=captured)
    try:
        return programs.completed(line, env=environ, captured=captured)
    except OSError as error:
        raise not_started(line, error) from error


def not_started(line: Sequence[str], error: OSError) -> Stop:
    """Return the error for a uv that is there, and can't be started."""
    return Stop(f"{line[0]} can't be started: {error.strerror}", "look at the uv that is on PATH")


def uv_line(
    path: Path,
    arguments: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    *,
    is_captured: bool = False,
) -> list[str]:
    """Return the command line that runs a script with uv. Raises Stop when that can't work.

    uv shows what it downloads on a terminal only: elsewhere, what is written is the script's.
    """
    import shutil  # noqa: PLC0415 - the same

    check_file(path)
    variables = os.environ if environ is None else environ
    uv = shutil.which("uv", path=variables.get("PATH", "")) or variables.get("UV")
    if not uv:  # `uv run` names itself in UV
        raise Stop("uv is not on PATH, and the script needs it", "pip install uv")
    quiet = ["--quiet"] if is_captured or not sys.stderr.isatty() else []
    return [uv, "run", *quiet, "--script", str(path), *arguments]
