"""The commands in a folder: found by name, read one by one, never imported and never run."""

from __future__ import annotations

import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from devclikit.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterable

_OPENING = re.compile(rb"^(?:\xef\xbb\xbf)?# /// script\r?$", re.MULTILINE)
_NAME = re.compile(r"\w[\w.+-]*")
_STRINGS = (
    r'"""(?:\\.|[^\\])*?"""',
    r"'''(?:\\.|[^\\])*?'''",
    r'"(?:\\.|[^\\"\n])*"',
    r"'(?:\\.|[^\\'\n])*'",
)
_BLANK = r"[ \t\f]*(?:#[^\n]*)?"
_DOCSTRING = re.compile(
    rf"(?:{_BLANK}\n)*([rRuU]?(?:{'|'.join(_STRINGS)})){_BLANK}(?:\n|\Z)", re.DOTALL
)
"""The comments and empty lines that a file begins with, and the string that stands alone behind."""

_FOREIGN = frozenset({"node_modules"})
"""Folders that hold other people's files, thousands of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name in a folder stands for: a script, or a folder of its own.

    ``problem`` says why it can't be run (empty: it can), and ``doc`` is its docstring.
    """

    name: str
    path: Path
    is_folder: bool = False
    problem: str = ""
    doc: str = ""


def command_name(file: str) -> str:
    """Return what a file or a folder is called as a command."""
    return file.removesuffix(".py").replace("_", "-")


def candidates(folder: Path) -> dict[str, list[Path]]:
    """Return what could be a command, by name and in its order; no file is opened.

    Raises Stop when the folder can't be read.
    """
    try:
        files = sorted(os.listdir(folder))  # noqa: PTH208 - names are enough
    except OSError as error:
        raise Stop(f"the folder {folder} can't be read: {error.strerror}") from error
    found: dict[str, list[Path]] = {}
    for file in files:
        path = folder / file
        if file[0] not in "_." and (file.endswith(".py") or path.is_dir()):
            name = file.replace("_", "-") if path.is_dir() else command_name(file)
            found.setdefault(name, []).append(path)
    return found


def entries(folder: Path, prefix: str = "") -> list[Entry]:
    """Return the commands of a folder whose name begins with ``prefix``, with their docstrings.

    Raises Stop when the folder can't be read.
    """
    found = candidates(folder)
    looked = (look(name, found[name]) for name in sorted(found) if name.startswith(prefix))
    return [with_doc(one) for one in looked if one is not None]


def look(name: str, paths: Iterable[Path]) -> Entry | None:
    """Return the command that these paths stand for, without its docstring; None: it is none."""
    found = [one for path in paths if (one := _entry(name, path)) is not None]
    if len(found) > 1:
        files = " and ".join(one.path.name for one in found)
        return Entry(name, found[0].path.parent, problem=f"{files} have one name: rename one")
    return found[0] if found else None


def no_command(name: str, folder: Path) -> Stop | None:
    """Return why a file or folder that is called so is no command; None when there is none."""
    for path in candidates(folder).get(command_name(name), ()):
        if _entry(name, path) is not None:
            return Stop(f"no such command: {name}", f"did you mean `{command_name(name)}`?")
        it, has = ("one of them", "no file in it has a") if path.is_dir() else ("it", "it has no")
        hint = f"begin {it} with the lines `# /// script`, `# dependencies = []` and `# ///`"
        return Stop(f"{path} is no command: {has} `# /// script` block", hint)
    path = folder / name
    if name[:1] in "_." or path.parent != folder or _script_problem(path) != "":
        return None
    return Stop(f"{path} is no command: its name does not end in `.py`", f"call it {name}.py")


def with_doc(entry: Entry) -> Entry:
    """Return the entry with its docstring, or with what is wrong where it should be."""
    source = entry.path / "__init__.py" if entry.is_folder else entry.path
    if entry.problem or (entry.is_folder and not source.is_file()):
        return entry
    doc, problem = _docstring(source)
    return Entry(entry.name, entry.path, entry.is_folder, "", doc or (problem and f"({problem})"))


def _entry(name: str, path: Path) -> Entry | None:
    is_folder = path.is_dir()
    problem = _folder_problem(path) if is_folder else _script_problem(path)
    if problem is None:
        return None
    if not _NAME.fullmatch(name):
        problem = "no command can have this name: rename it"
    return Entry(name, path, is_folder, problem)


def _script_problem(path: Path) -> str | None:
    """Return what is wrong with a script; an empty text: nothing; None: it is no script."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        return "a symbolic link to nothing" if path.is_symlink() else None
    except OSError as error:
        return f"can't be read: {error.strerror}"
    return _block_problem(data) if _OPENING.search(data) else None


def _block_problem(data: bytes) -> str:
    """Return what is wrong with the block of a script; an empty text: nothing."""
    from devclikit.script import check  # noqa: PLC0415 - only where there is a script

    try:
        check(data)
    except Stop as stop:
        return stop.message
    return ""


def _folder_problem(path: Path) -> str | None:
    """Return what is wrong with a folder; an empty text: nothing; None: no command is in it."""
    here = os.path.realpath(path.parent)
    try:
        return "" if _has_commands(path, {here, *map(str, Path(here).parents)}) else None
    except OSError as error:
        return f"can't be read: {error.strerror}"
    except Stop as stop:
        return stop.message


def _has_commands(folder: Path, seen: set[str]) -> bool:
    """Return whether a script is in a folder or below it; each is looked at once, also by links."""
    real = os.path.realpath(folder)
    if real in seen or folder.name in _FOREIGN or (folder / "pyvenv.cfg").exists():
        return False
    seen.add(real)
    paths = [path for several in candidates(folder).values() for path in several]
    folders = [path for path in paths if path.is_dir()]
    scripts = (path for path in paths if path not in folders)
    return any(_script_problem(path) is not None for path in scripts) or any(
        _has_commands(path, seen) for path in folders
    )


def _docstring(path: Path) -> tuple[str, str]:
    """Return the docstring of a file, and why there is none that this Python can read.

    Only the docstring is parsed when the file begins with one: parsing fifty files to their ends
    takes as long as the interpreter's start, and what follows may be for a later Python than ours.
    """
    import ast  # noqa: PLC0415 - only a listing needs it
    import warnings  # noqa: PLC0415 - the same

    try:
        source = path.read_text(encoding="utf-8-sig")
        first = _DOCSTRING.match(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a listing is no place for them
            return ast.get_docstring(ast.parse(first[1] if first else source)) or "", ""
    except SyntaxError as error:
        where = f"line {error.lineno}: " if error.lineno else ""
        version = ".".join(map(str, sys.version_info[:2]))
        return "", f"{where}{error.msg}, says Python {version}"
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        return "", str(error)
