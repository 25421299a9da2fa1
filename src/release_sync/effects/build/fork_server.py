"""A fork server: it runs scripts in children of a process that has imported their backend.

A program by itself, run by the Python of a build environment, whatever its version. It imports the
backend once, and then for each request, a JSON object a line, forks a child that runs a script,
just as a new Python would, without the time that a new Python takes to import all that again. What
a child had to import beyond that, from the environment or the standard library, is imported for the
next. A child that builds one of several members gets a cell of its own, and what a child leaves
running is ended.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from release_sync.effects.isolation import cell, kernel

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(sources: str, backend: str, requests: int, answers: int) -> None:
    """Run a script for each request, a JSON object a line; answer each with its exit status.

    ``sources`` is where these files come from: the backend is not to find us there.
    """
    sys.path.remove(sources)
    for name in [one for one in sys.modules if one.partition(".")[0] == "release_sync"]:
        del sys.modules[name]
    for descriptor in (requests, answers):
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - it takes no keyword
    kernel.reap_descendants()
    # Whoever needs it will say what is wrong with it.
    with contextlib.suppress(Exception, SystemExit):
        importlib.import_module(backend.partition(":")[0])
    with os.fdopen(requests, encoding="utf-8") as lines:
        for line in lines:
            os.write(answers, b"%d %d\n" % answer(json.loads(line), (requests, answers)))


def answer(request: dict[str, Any], ours: tuple[int, int]) -> tuple[int, int]:
    """Run what was asked for; return its status, and how many processes it left running."""
    reading, writing = os.pipe()
    code = cell.in_new_process(lambda: serve(request, (*ours, reading), writing))
    os.close(writing)
    left = cell.end_descendants() + sum(os.read(reading, 4096))
    os.close(reading)
    learn(Path(request["learned"]))
    return code, left


def serve(request: dict[str, Any], ours: Sequence[int], writing: int) -> None:
    """Be a child: run what was asked for, in a cell of its own where one member is named."""
    for descriptor in ours:
        os.close(descriptor)

    def act() -> None:
        os.close(writing)
        become(request)

    def say(left: int) -> None:
        os.write(writing, bytes([min(left, 255)]))

    if not request["member"]:
        act()
    try:
        cell.separate(network=True)  # of the outer cell, which has none
    except OSError:
        os._exit(cell.NO_CELL)
    os._exit(cell.as_first(lambda: cell.narrow(request["member"]), act, say))


def become(request: dict[str, Any]) -> None:
    """Be the process that was asked for, and end as it ends."""
    code = 1
    try:
        surround(request)
        runpy.run_path(sys.argv[0], run_name="__main__")
        teach(Path(request["modules"]))
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if stop.code is not None and stop.code is not code:
            sys.stderr.write(f"{stop.code}\n")
    except BaseException:  # noqa: BLE001 - a child's boundary: the traceback goes to its log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def surround(request: dict[str, Any]) -> None:
    """Take on the output, the folder, the environment and the arguments of the request."""
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(nothing)
    os.close(log)
    os.chdir(request["folder"])
    os.environ.update(request["environ"])
    sys.argv[:] = request["arguments"]


def teach(path: Path) -> None:
    """Write down which modules of the environment and the standard library were imported."""
    places = (sys.prefix, sys.base_prefix)
    origins = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    names = [name for name, origin in origins.items() if origin and origin.startswith(places)]
    with contextlib.suppress(OSError):  # its script has removed the folder, for one
        path.write_text(json.dumps(names), encoding="utf-8")


def learn(path: Path) -> None:
    """Import what the child had to, for the next one."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        for name in set(json.loads(path.read_text(encoding="utf-8"))) - {*sys.modules, "__main__"}:
            with contextlib.suppress(Exception, SystemExit):
                importlib.import_module(name)
