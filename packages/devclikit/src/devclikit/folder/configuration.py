"""The table ``[tool.devclikit]``: which folder, and which package, a repository's commands are in.

Its keys: ``commands``, the folder of scripts, as a path from the ``pyproject.toml``, which may lead
out of its folder (a member of a workspace has ``../../tools``); ``package``, the package whose
``COMMANDS`` maps names to ``devclikit.lazy.Lazy``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from devclikit.errors import Stop

FILE = "pyproject.toml"
KEYS = {"commands": "the path of a folder", "package": "the name of a package"}
"""What the table may have, and what each is."""

_TABLE = "[tool.devclikit]"
_EXAMPLE = f'write `{_TABLE}` with `commands = "tools"`, the folder of your scripts'
_NAME = 'write it like `package = "acme.dev"`'
_PLACES = frozenset({"site-packages", "dist-packages"})
_COPY = "install the app with `--editable` (uv, pip), or give its `App` the folder and the package"
"""What helps an app of which an installer has made a copy, far from any table."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the table of a file says; at least one of the two is there."""

    file: Path
    commands: Path | None = None
    package: str | None = None


def find(near: Path | None = None) -> Configuration:
    """Return the nearest table, from ``near`` or the current folder upwards.

    Raises Stop when there is none, and when a file on the way is wrong.
    """
    try:
        here = Path.cwd() if near is None else near.absolute()
    except OSError as error:
        raise Stop(f"the current folder can't be read: {error.strerror}", "cd elsewhere") from error
    for folder in (here, *here.parents):
        found = read(folder / FILE)
        if found is not None:
            return found
    hint = _COPY if _PLACES & {*here.parts} else _EXAMPLE
    raise Stop(f"no {FILE} from {here} upwards has the table {_TABLE}", hint)


def read(file: Path) -> Configuration | None:
    """Return what a file says; None when it is not there, or has no such table. Raises Stop."""
    if not file.is_file():
        return None
    try:
        data = file.read_bytes()
        if b"devclikit" not in data:  # most of them, and parsing takes a while
            return None
        tool = tomllib.loads(data.decode()).get("tool", {})
    except OSError as error:
        raise Stop(f"{file} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Stop(f"{file} is not UTF-8: {error.reason}", "TOML is always UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise Stop(f"{file} is not TOML: {error}") from error
    if not isinstance(tool, dict) or "devclikit" not in tool:
        return None
    return _validated(file, tool["devclikit"])


def _validated(file: Path, table: object) -> Configuration:
    where = f"{file}: {_TABLE}"
    if not isinstance(table, dict):
        raise Stop(f"{where} is no table", _EXAMPLE)
    for key, value in table.items():
        if key not in KEYS:
            raise Stop(f"{where} has no key `{key}`", f"its keys are {' and '.join(KEYS)}")
        if not isinstance(value, str) or not value:
            hint = _EXAMPLE if key == "commands" else _NAME
            raise Stop(f"{where}: `{key}` must be {KEYS[key]}, not {value!r}", hint)
    if not table:
        raise Stop(f"{where} names no commands", _EXAMPLE)
    package = table.get("package")
    if package is not None and not all(one.isidentifier() for one in package.split(".")):
        raise Stop(f"{where}: `package` must be {KEYS['package']}, not {package!r}", _NAME)
    return Configuration(file, _folder(file, table.get("commands")), package)


def _folder(file: Path, commands: str | None) -> Path | None:
    if commands is None:
        return None
    folder = file.parent / commands
    if folder.is_file():
        raise Stop(f"{file}: {_TABLE}: `commands` names a file: {commands}", _EXAMPLE)
    if not folder.is_dir():
        raise Stop(
            f"{file}: {_TABLE}: `commands` names a folder that is not there: {commands}",
            f"make the folder {folder}",
        )
    return folder
