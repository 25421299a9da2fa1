"""The program's entrance: a lazy group inside a boundary."""

from __future__ import annotations

import sys

from devclikit.boundary import Boundary
from devclikit.errors import Stop
from devclikit.lazy import Lazy, LazyGroup


def missing(name: str, error: ModuleNotFoundError) -> Stop:
    """Word a module that is not installed."""
    return Stop(f"`{name}` needs {error.name}", "pip install it")


COMMANDS = {
    "greet": Lazy("example.commands:greet", "Write hello."),
    "fail": Lazy("example.commands:fail", "End in one of the ways there are."),
    "extra": Lazy("example.extra:command", "Need what is not installed."),
    "broken": Lazy("example.no_such_module:command", "Be a bug of our own."),
    "count": Lazy("example.counting:group", "Count things."),
    "completion": Lazy("devclikit.completion:command", "Print what a shell needs."),
    "mistyped": Lazy("example.commands:WORDS", "Name what is no command."),
}
PROGRAM = LazyGroup("example", missing=missing, lazy=COMMANDS)

if __name__ == "__main__":
    sys.exit(Boundary("example", lambda: "1.2.3").run(PROGRAM))
