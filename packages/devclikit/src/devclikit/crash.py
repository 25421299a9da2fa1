"""The report of a crash, for developers, without secrets."""

from __future__ import annotations

import os
import platform
import shlex
import sys
import tempfile
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devclikit.masking import masked, masked_arguments, secrets_of
from devclikit.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Crash:
    """A bug as it showed itself: the program and its version, the command line, the exception.

    ``package`` has the command, where that is not the program's own.
    """

    program: str
    arguments: Sequence[str]
    error: BaseException
    version: str = ""
    package: str = ""

    def report(self, environ: Mapping[str, str]) -> str:
        """Return the report. The environment serves to mask its secrets; it is not shown."""
        environ = self.known(environ)
        line = shlex.join([self.program, *masked_arguments(self.arguments, environ)])
        head = f"{self.program} {self.version}".rstrip()
        there = "".join(traceback.format_exception(self.error))
        return (
            f"{head}, Python {platform.python_version()}, {platform.platform()}\n"
            f"$ {line}\n\n{masked(there, environ)}"
        )

    def known(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """Return the environment with what the command line has of secrets."""
        return {**environ, **secrets_of(self.arguments)}


def write(crash: Crash, environ: Mapping[str, str], folder: Path | None = None) -> str:
    """Write the report to a new file that only its owner can read, and return its path.

    The folder is the machine's temporary one unless another is given. Raises OSError.
    """
    # mkstemp makes the file with mode 0600.
    descriptor, path = tempfile.mkstemp(prefix=f"{crash.program}-", suffix=".txt", dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(crash.report(environ))
    return path


def tell(crash: Crash, environ: Mapping[str, str], folder: Path | None = None) -> tuple[str, str]:
    """Write the report, and return the message and the hint; on a full disk, print it."""
    message = (
        f"a bug in {crash.package or crash.program}: {words(crash.error, crash.known(environ))}"
    )
    try:
        where = f"the file {write(crash, environ, folder)}"
    except OSError:
        sys.stderr.write(plain(crash.report(environ)))
        where = "the lines above"
    advice = "its traceback is in" if crash.package else "please report it with"
    return message, f"{advice} {where}"


def words(error: BaseException, environ: Mapping[str, str]) -> str:
    """Return the kind of an exception, and what it says, without secrets."""
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - whatever it raises: a bug in a bug
        said = "<exception str() failed>"  # as Python's own traceback has it
    return ": ".join(filter(None, (type(error).__name__, masked(said, environ))))
