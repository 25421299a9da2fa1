"""The table in ``docs/recovery.md``: a row for each case, as the test of that case saw it."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

PAGE = Path(__file__).parents[2] / "docs" / "recovery.md"
BEGIN = "<!-- observed: begin -->"
END = "<!-- observed: end -->"
HEAD = (
    "| the index | `publish` ends with | on the index | on the remote | then `resume` |",
    "|---|---|---|---|---|",
)
REWRITE = "REWRITE_DOCS"
"""Set in the environment, it lets the tests write what they saw instead of comparing it."""


@dataclass(frozen=True)
class Row:
    """What one case came to."""

    case: str
    ends: str
    index: str
    remote: str
    resume: str

    def __str__(self) -> str:
        """Write the row as Markdown."""
        return f"| {self.case} | {self.ends} | {self.index} | {self.remote} | {self.resume} |"


def rows() -> dict[str, str]:
    """Return the rows that the page has, by their case."""
    lines = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip().splitlines()
    return {line.split("|")[1].strip(): line for line in lines[len(HEAD) :]}


def hold(row: Row, order: list[str]) -> None:
    """Compare a row with the page, or rewrite it there. ``order`` are all the cases."""
    if os.environ.get(REWRITE):
        with FileLock(Path(tempfile.gettempdir(), f"{PAGE.name}.lock")):
            _rewrite({**rows(), row.case: str(row)}, order)
    assert rows().get(row.case) == str(row), f"{PAGE.name} is out of date: `make docs` rewrites it"


def _rewrite(known: dict[str, str], order: list[str]) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    table = "\n".join([*HEAD, *(known[case] for case in order if case in known)])
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")
