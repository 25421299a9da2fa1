"""A shell in a terminal, in which somebody types TAB behind the name of a program."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.fakes.terminal import Terminal

from devclikit.completion import PLACES

if TYPE_CHECKING:
    from pathlib import Path

SHELL = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"

RECORDER = """\
#!/bin/sh
if [ -n "$_{variable}_COMPLETE" ]; then {real} "$@" 2>>{at}/errors; echo >>{at}/completed; exit; fi
for word in "$@"; do printf '%s\\n' "$word"; done >{at}/record.new
mv {at}/record.new {at}/record
"""
"""In place of the program: it completes as the program does, and writes down what it is told."""

QUIET = 0.1
"""So many seconds a shell takes at most between an answer and showing it."""


class Completing:
    """A program in a shell that completes it; ``real`` is how a shell starts the program."""

    def __init__(self, shell: str, program: str, real: str, folder: Path, at: Path) -> None:
        """Install the completion, and start the shell in a folder; all else goes to ``at``."""
        if shutil.which(shell) is None:
            pytest.skip(f"{shell} is not installed")
        self._program, self._at = program, at
        recorder = at / "bin" / program
        recorder.parent.mkdir(parents=True)
        variable = program.replace("-", "_").upper()
        recorder.write_text(RECORDER.format(variable=variable, real=real, at=at), encoding="utf-8")
        recorder.chmod(0o755)
        place = at / PLACES[shell].format(program=program).removeprefix("~/")
        place.parent.mkdir(parents=True)
        script = f"{real} completion {shell}"
        place.write_bytes(subprocess.check_output(["/bin/sh", "-c", script]))
        zsh = "fpath+=~/.zfunc\nautoload -Uz compinit\ncompinit -u\n"
        (at / ".zshrc").write_text(zsh, encoding="utf-8")
        (at / "bashrc").write_text(f"source {place}\n", encoding="utf-8")
        more = ["--rcfile", str(at / "bashrc")] if shell == "bash" else []
        path = f"{recorder.parent}:{os.environ['PATH']}"
        environ = {"HOME": str(at), "PATH": path, "LANG": "C.UTF-8", "PS1": "$ "}
        self._terminal = Terminal(SHELL, [shell, *more, "-i"], folder, environ)
        self._terminal.wait_until(lambda: bool(self._terminal.shown))
        self._settle()

    def told(self, typed: str) -> list[str]:
        """Type a line behind the program's name, each TAB in it, too; return what it is told."""
        record = self._at / "record"
        record.unlink(missing_ok=True)
        for part in f"{self._program} {typed}".split("\t")[:-1]:
            before = self._completed()
            self._terminal.press(f"{part}\t".encode())
            self._terminal.wait_until(lambda: self._completed() > before)  # noqa: B023 - at once
            self._settle()
        self._terminal.press(b"\r")
        self._terminal.wait_until(record.exists)
        return record.read_text(encoding="utf-8").splitlines()

    def errors(self) -> str:
        """Return what the program wrote to stderr while it completed."""
        return (self._at / "errors").read_text(encoding="utf-8")

    def close(self) -> None:
        """End the shell."""
        self._terminal.process.kill()
        self._terminal.close()

    def _completed(self) -> int:
        """Return how often the shell has asked for completions."""
        file = self._at / "completed"
        return file.stat().st_size if file.exists() else 0

    def _settle(self) -> None:
        """Read what the shell shows, until there is nothing new for a moment."""
        seen, since = -1, 0.0

        def is_quiet() -> bool:
            nonlocal seen, since
            if len(self._terminal.shown) != seen:
                seen, since = len(self._terminal.shown), time.monotonic()
            return time.monotonic() - since > QUIET

        self._terminal.wait_until(is_quiet)
