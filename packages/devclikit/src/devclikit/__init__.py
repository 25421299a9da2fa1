"""A framework for development command lines.

The names of the earlier package of this name are found here. Each is imported when it is asked for
(PEP 562), so that `import devclikit` takes nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devclikit.completion import add_completion_commands
    from devclikit.earlier import (
        CommandLoadError,
        DevCliFrameworkError,
        ScriptExecutionError,
        create_cli,
        load_commands,
        run_pep723_script,
        validate_pep723_script,
    )

__all__ = [
    "CommandLoadError",
    "DevCliFrameworkError",
    "ScriptExecutionError",
    "add_completion_commands",
    "create_cli",
    "load_commands",
    "run_pep723_script",
    "validate_pep723_script",
]

if not TYPE_CHECKING:  # a type checker that sees it believes in every name

    def __getattr__(name: str) -> object:
        """Import one of the names in ``__all__``. Raises AttributeError for another."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = "completion" if name == "add_completion_commands" else "earlier"
        return getattr(import_module(f"{__name__}.{module}"), name)


def __dir__() -> list[str]:
    """Return the names that are there, and those that are not imported yet."""
    return sorted({*globals(), *__all__})
