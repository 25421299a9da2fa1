"""Looking for a secret where none may be: command lines, output, git's folder, artifacts."""

from __future__ import annotations

import base64
import tarfile
import threading
import time
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAUSE = 0.005
"""Seconds between two looks at the processes; a process that uses an argument lives longer."""


@dataclass
class Watch:
    """What was seen on command lines: how many there were, and those with the secret."""

    seen: set[bytes] = field(default_factory=set)

    def with_secret(self, secret: str) -> list[bytes]:
        """Return the command lines that hold it."""
        return [line for line in self.seen if secret.encode() in line]


@contextmanager
def command_lines() -> Iterator[Watch]:
    """Take down every command line on this machine for as long as the context lasts."""
    watch, over = Watch(), threading.Event()

    def look() -> None:
        while not over.is_set():
            watch.seen.update(_command_lines())
            time.sleep(PAUSE)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def _command_lines() -> Iterator[bytes]:
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                yield (process / "cmdline").read_bytes()
            except OSError:
                continue  # it has ended


def holding(secret: str, folders: Iterable[Path]) -> list[str]:
    """Return the files below the folders that hold a secret, packed or not, or as Basic has it."""
    wanted = (secret.encode(), base64.b64encode(f":{secret}".encode()).rstrip(b"=")[2:-2])
    return [
        f"{file}: {name}"
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for name, content in _contents(file)
        if any(one in content for one in wanted)
    ]


def _contents(file: Path) -> Iterator[tuple[str, bytes]]:
    yield "", file.read_bytes()
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            yield from ((name, wheel.read(name)) for name in wheel.namelist())
    elif file.name.endswith(".tar.gz"):
        with tarfile.open(file) as sdist:
            for member in sdist:
                stream = sdist.extractfile(member) if member.isfile() else None
                yield member.name, stream.read() if stream else b""
