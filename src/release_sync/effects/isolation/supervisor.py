"""The supervisor of a program: it puts the program into a cell, and ends all that it started.

A program by itself: it reads what to run from a file descriptor, and ends with the status of what
it ran. It is trusted, and imports nothing of the repository; its own end ends the rest.
"""

from __future__ import annotations

import marshal
import os
import sys

from release_sync.effects.isolation import cell, kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from types import FrameType
    from typing import Any, NoReturn
else:
    import _signal as signal  # what it is made of, without its enumerations: see ``kernel``


def main(descriptor: int) -> int:
    """Run what a descriptor describes (see ``Isolation.described``); return its exit status."""
    with os.fdopen(descriptor, "rb") as file:
        wanted = marshal.load(file)  # noqa: S302 - by this very Python, from who started it
    kernel.reap_descendants()
    kernel.end_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this one decides
    if wanted["parent"] not in {None, os.getppid()}:  # it ended before it could be heard of
        return 128 + signal.SIGTERM
    try:
        return _run(wanted)
    finally:
        cell.end_descendants()


def _run(wanted: dict[str, Any]) -> int:
    def program() -> None:
        _become(wanted)

    inside = wanted["cell"]
    if inside is None:
        return cell.in_new_process(program)
    try:
        cell.separate(network=inside["network"])
    except OSError as error:
        sys.stderr.write(f"no cell: {error}\n")
        return cell.NO_CELL
    return cell.as_first(lambda: cell.furnish(inside), program)


def _become(wanted: dict[str, Any]) -> NoReturn:
    kernel.end_with_parent(signal.SIGKILL)
    os.umask(0o022)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.chdir(wanted["folder"])
    line = wanted["line"]
    os.execvpe(line[0], line, wanted["environ"])  # noqa: S606 - what it is there for


def _stop(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    try:
        cell.end_descendants()
    finally:
        os._exit(128 + number)
