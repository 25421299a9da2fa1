"""Pages with console blocks: their commands are run, one after the other, and compared."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONSOLE = re.compile(r"(?<=^```console\n)(?:.*\n)*?(?=^```$)", re.MULTILINE)
BLOCK = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"^(?:\$ )?release-sync +((?:[^#|>&\n\"']|\"[^\"]*\"|'[^']*')*)", re.MULTILINE)
"""A line that calls release-sync, as far as what is the shell's."""

LEFT_OUT = re.compile(r"^(?:  … Running|Using CPython|warning: ).*\n", re.MULTILINE)
"""What depends on the machine, and on how busy it is."""

VARIES = (
    (r"\b[0-9a-f]{7}\b", "COMMIT"),
    (r"\b\d+(?:\.\d+)?m?s\b", "TIME"),
    (r"\b3\.\d+(?: and 3\.\d+)?(?=[;\n])", "PYTHON"),
    (r"(?m)^Isolation .*$", "ISOLATION"),
)
"""What is another one in each run."""


def calls(text: str) -> list[str]:
    """Return what stands behind ``release-sync`` in each line of a page's blocks that calls it."""
    return [line.strip() for block in BLOCK.findall(text) for line in CALL.findall(block)]


@dataclass
class Console:
    """A shell in a folder, which the commands of a page are typed into."""

    folder: Path
    environ: Mapping[str, str]
    home: str = ""
    """What is shown in place of the folder that it began in."""

    def __post_init__(self) -> None:
        """Remember where it began."""
        self.home = str(self.folder)

    def played(self, text: str) -> str:
        """Return a page as it would be if it showed what its commands print here."""
        return CONSOLE.sub(lambda block: self._block(block[0]), text)

    def _block(self, block: str) -> str:
        commands = re.findall(r"^\$ (.*)$", block, re.MULTILINE)
        return "".join(f"$ {one}\n{self._printed(one)}" for one in commands)

    def _printed(self, command: str) -> str:
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            return ""
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env={**self.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        return LEFT_OUT.sub("", done.stdout).replace(self.home, "/home/ann")


def without_what_varies(page: str) -> str:
    """Return a page in the form in which two runs of it are the same."""
    for pattern, word in VARIES:
        page = re.sub(pattern, word, page)
    return page
