"""A mutant in a process of its own: the functions that are loaded get other code, in place."""

from __future__ import annotations

import ast
import importlib
import os
import resource
import signal
import sys
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.mutations.mutants import Mutant

Story = tuple[str, "Callable[[], None]"]
SECONDS = 20
"""How long a mutant may compute; one that goes round for ever is as good as dead."""
WAITING = 6 * SECONDS
"""How long it may take in all, beside whatever else the machine is at."""
MEMORY = 4 << 30


def parse(module: str) -> ast.Module:
    """Parse the source of a module that is imported."""
    return ast.parse(source(module).read_text(encoding="utf-8"))


def source(module: str) -> Path:
    """Return the file of a module."""
    return Path(str(importlib.import_module(module).__file__))


def plant(mutant: Mutant, tree: ast.Module) -> None:
    """Let a function that is loaded, and everybody's who imported it, have the mutant's code."""
    mutant.apply()
    whole = compile(tree, str(source(mutant.module)), "exec", dont_inherit=True)
    _function(mutant).__code__ = next(
        one for one in _codes(whole) if one.co_qualname == mutant.function
    )


def _function(mutant: Mutant) -> FunctionType:
    owner: object = importlib.import_module(mutant.module)
    *outer, name = mutant.function.split(".")
    for one in outer:
        owner = getattr(owner, one)
    found = vars(owner)[name]
    found = found.fget if isinstance(found, property) else found
    if not isinstance(found, FunctionType):
        raise TypeError(mutant.function)
    return found


def _codes(code: CodeType) -> Iterable[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def begin(mutant: Mutant, tree: ast.Module, stories: Iterable[Story]) -> int:
    """Tell stories of a mutant in a new process; return its id. It ends with 0 if all end well."""
    process = os.fork()
    if process:
        return process
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(WAITING)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    status = 1
    try:
        plant(mutant, tree)
        status = 0 if all(ends_well(story) for _, story in stories) else 1
    finally:
        sys.stdout.flush()
        os._exit(status)


def ends_well(story: Callable[[], None]) -> bool:
    """Tell a story; return whether nothing was raised, not even what ends a process."""
    try:
        story()
    except BaseException:  # noqa: BLE001 - a mutant may raise anything
        return False
    return True
