"""What the earlier package of this name had (up to 0.1.12), for who moves from it.

Every name is found in ``devclikit`` itself; ``docs/migrating-devclikit.md`` says what is different.
"""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from devclikit.boundary import Boundary
from devclikit.completion import Completion, variable
from devclikit.errors import Stop
from devclikit.everywhere import Command
from devclikit.lazy import LazyGroup
from devclikit.plain import show
from devclikit.programs import exit_code
from devclikit.script import completed, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

COMMAND = "command"
FILE = f"{COMMAND}.py"
"""The file of a command, in a folder of its own; and the attribute of it that is the command."""

SUFFIXES = frozenset({".py", ".pyw", ""})
"""What the name of a Python script ends with; none on systems where its first line says it."""


class DevCliFrameworkError(Stop):
    """What the functions of the earlier package raise, in a form that the boundary can show."""


class CommandLoadError(DevCliFrameworkError):
    """A command is not there, or can't be imported."""


class ScriptExecutionError(DevCliFrameworkError):
    """A script can't be run, or has failed; ``exit_code`` is then the script's."""


class ScriptNotFoundError(ScriptExecutionError, FileNotFoundError):
    """The file of a script is not there; a FileNotFoundError, as it was."""


class App(LazyGroup):
    """A group that ends in the boundary when it is called: `cli()` is the whole program."""

    def __init__(self, name: str, version: str, **options: Any) -> None:  # noqa: ANN401 - click's own
        """Make a group without commands."""
        super().__init__(name, lazy={}, **options)
        self.version = version

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's signature
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - the same
        **extra: Any,  # noqa: ANN401 - the same
    ) -> Any:  # noqa: ANN401 - the same
        """Run it, and exit; or, not in ``standalone_mode``, do what a click group does."""
        if not standalone_mode:
            extra["windows_expand_args"] = windows_expand_args
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        app = copy.copy(self)
        app.context_settings = {**self.context_settings, **extra}
        sys.exit(Boundary(self.name or "", lambda: self.version).run(app, args))


def create_cli(
    name: str,
    description: str,
    commands_dir: str | Path = "./commands",
    *,
    version: str | None = None,
    add_completion: bool = True,
    context_settings: Mapping[str, Any] | None = None,
) -> click.Group:
    """Return the group of the commands in a folder; called, it is the whole program.

    ``version`` adds the command ``version``, ``add_completion`` the command ``completion``, unless
    the folder has one of that name. A command that can't be imported is left out, with a warning;
    there is one, too, where there is no folder: a path that is not absolute begins where we run.
    """
    app = App(name, version or "", help=description, context_settings={**(context_settings or {})})
    is_asked = variable(name) in os.environ  # a shell shows warnings in the midst of what is typed
    warn = _silent if is_asked else _warn
    if not Path(commands_dir).is_dir():
        warn(CommandLoadError(f"there is no folder {Path(commands_dir).absolute()}"))
    commands = dict(_loaded(_folders(Path(commands_dir), _silent), warn, _silent))
    if version:
        commands.setdefault("version", _version_command(version))
    if add_completion:
        commands.setdefault("completion", Completion(name))
    for each, command in commands.items():
        app.add_command(command, each)
    return app


def _version_command(version: str) -> click.Command:
    def show_version() -> None:
        click.echo(version)

    return Command("version", callback=show_version, help="Show the version.")


def load_commands(
    commands_dir: str | Path, *, verbose: bool = False, strict: bool = False
) -> dict[str, click.Command]:
    """Import each ``*/command.py`` of a folder, and return the commands by name.

    A command is the attribute ``command`` of its module, or the first click command there. It has
    the name of its folder, with `-` for `_`; folders that begin with `_` or `.` are passed over.
    What can't be imported is left out with a warning on stderr; ``verbose`` says more, ``strict``
    raises CommandLoadError, also where there is no folder.
    """
    note = _note if verbose else _silent
    warn = _stop if strict else _warn
    if strict and not Path(commands_dir).is_dir():
        raise CommandLoadError(f"there is no folder {commands_dir}", "it holds the commands")
    return dict(_loaded(_folders(Path(commands_dir), note), warn, note))


def _folders(folder: Path, note: Callable[[str], None]) -> Iterator[Path]:
    """Walk the folders that have a command, by their names."""
    for one in sorted(folder.iterdir()) if folder.is_dir() else ():
        if one.name.startswith(("_", ".")) or not one.is_dir():
            continue
        if (one / FILE).exists():
            yield one
        else:
            note(f"{one} has no {FILE}")


def _loaded(
    folders: Iterable[Path], warn: Callable[[CommandLoadError], None], note: Callable[[str], None]
) -> Iterator[tuple[str, click.Command]]:
    """Walk the commands that can be imported, with their names."""
    for folder in folders:
        name = folder.name.replace("_", "-")
        try:
            command = _command_of(folder / FILE)
        except CommandLoadError as error:
            warn(error)
        else:
            note(f"the command {name} is in {folder / FILE}")
            yield name, command


def _stop(error: CommandLoadError) -> None:
    raise error


def _warn(error: CommandLoadError) -> None:
    show(f"warning: {error.message}", err=True)


def _note(text: str) -> None:
    show(f"note: {text}", err=True)


def _silent(_: object) -> None:
    pass


def _command_of(file: Path) -> click.Command:
    """Import a file, and return its command. Raises CommandLoadError."""
    name = f"devclikit_commands.{file.parent.name}"
    spec = spec_from_file_location(name, file)
    assert spec is not None  # noqa: S101 - there is a loader for every name in .py
    assert spec.loader is not None  # noqa: S101 - the same
    module = module_from_spec(spec)
    sys.modules[name] = module  # where a dataclass looks for its module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        said = f"{type(error).__name__}: {error}"
        raise CommandLoadError(f"{file} can't be imported: {said}") from error
    for one in (getattr(module, COMMAND, None), *vars(module).values()):
        if isinstance(one, click.Command):
            return one
    raise CommandLoadError(f"{file} has no click command", f"name it `{COMMAND}`")


def run_pep723_script(
    script_path: str | Path,
    args: Sequence[str] | None = None,
    *,
    check: bool = True,
    capture_output: bool = False,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a script through ``uv run --script``, and return the process that ended.

    Raises ScriptExecutionError where it can't be run, and with ``check`` where it fails: with its
    exit code, and the CalledProcessError as its cause. ScriptNotFoundError is one of them.
    """
    path = Path(script_path)
    if not path.exists():
        raise ScriptNotFoundError(f"there is no script {path}")
    try:
        done = completed(path, args or (), env, captured=capture_output)
        if check:
            done.check_returncode()
    except Stop as stop:
        raise ScriptExecutionError(stop.message, stop.hint, stop.exit_code) from stop
    except subprocess.CalledProcessError as error:
        code = exit_code(error.returncode)
        raise ScriptExecutionError(f"{path} failed with {code}", exit_code=code) from error
    return done


def validate_pep723_script(script_path: str | Path) -> bool:
    """Return whether a file is a Python script with metadata that can be read (PEP 723).

    Every field of it is optional.
    """
    path = Path(script_path)
    if path.suffix not in SUFFIXES:
        return False
    try:
        read(path)
    except Stop:
        return False
    return True
