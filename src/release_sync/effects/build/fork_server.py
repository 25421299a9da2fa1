"""A fork server: it runs scripts in children of a process that has imported their backend.

Run as a program, by the Python of a build environment, whatever its version:
``fork_server.py BACKEND REQUESTS ANSWERS``, the last two file descriptors. It imports the backend
once, and then for each request, a JSON object a line, forks a child that runs a script, just
as a new Python would, without the time that a new Python takes to import all that again. What a
child had to import beyond that, from the environment or the standard library, is imported for the
next.
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
from typing import Any


def serve(backend: str, requests: int, answers: int) -> None:
    """Run a script for each request, a JSON object a line; answer each with its exit status."""
    for descriptor in (requests, answers):
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - it takes no keyword
    with contextlib.suppress(Exception):  # whoever needs it will say what is wrong with it
        importlib.import_module(backend.partition(":")[0])
    with os.fdopen(requests, encoding="utf-8") as lines:
        for line in lines:
            request = json.loads(line)
            child = os.fork()
            if child == 0:
                os.close(requests)
                os.close(answers)
                become(request)
            _, status = os.waitpid(child, 0)
            learn(Path(request["modules"]))
            code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1
            os.write(answers, b"%d\n" % code)


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
    path.write_text(json.dumps(names), encoding="utf-8")


def learn(path: Path) -> None:
    """Import what the child had to, for the next one."""
    with contextlib.suppress(OSError, ValueError):
        for name in set(json.loads(path.read_text(encoding="utf-8"))) - {*sys.modules, "__main__"}:
            with contextlib.suppress(Exception):
                importlib.import_module(name)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
