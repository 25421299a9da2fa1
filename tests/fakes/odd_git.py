"""Programs called ``git`` that do something first, and then are the real one."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SMALL_PIPES = """\
for stream in (0, 1):
    try:
        fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, 4096)
    except OSError:  # no pipe
        pass
"""
"""Make both pipes as small as the kernel does for a user who has many (pipe(7))."""

KILLED = """\
if "--batch" in sys.argv:
    os.kill(os.getpid(), signal.SIGKILL)
"""
"""Be killed before the first answer."""

CUT = """\
if "--batch" in sys.argv:
    real = subprocess.Popen([GIT, *sys.argv[1:]], stdout=subprocess.PIPE)
    os.write(1, real.stdout.read1(1 << 16)[:-40])
    real.kill()
    sys.exit(1)
"""
"""End in the middle of an answer."""


def odd_git(folder: Path, first: str) -> Path:
    """Write such a program into a folder for the front of PATH, and return that folder."""
    folder.mkdir(exist_ok=True)
    program = folder / "git"
    program.write_text(
        f"#!{sys.executable} -S\nimport fcntl, os, signal, subprocess, sys\n"
        f"GIT = {shutil.which('git')!r}\n{first}\nos.execv(GIT, sys.argv)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return folder
