"""Tables in the documentation: a row for each case, as the test of that case saw it."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

DOCS = Path(__file__).parents[2] / "docs"
BEGIN = "<!-- observed: begin -->"
END = "<!-- observed: end -->"
REWRITE = "REWRITE_DOCS"
"""Set in the environment, it lets the tests write what they saw instead of comparing it."""


@dataclass(frozen=True)
class Table:
    """The table of a page: its head, and all of its cases, in order."""

    page: Path
    head: tuple[str, ...]
    order: tuple[str, ...]

    def rows(self) -> dict[str, str]:
        """Return the rows that the page has, by their case."""
        text = self.page.read_text(encoding="utf-8")
        lines = text.split(BEGIN)[1].split(END)[0].strip().splitlines()
        return {line.split("|")[1].strip(): line for line in lines[2:]}

    def hold(self, *cells: str) -> None:
        """Compare a row with the page, or rewrite it there; the first cell is its case."""
        case, row = cells[0], f"| {' | '.join(cells)} |"
        if os.environ.get(REWRITE):
            with FileLock(Path(tempfile.gettempdir(), f"{self.page.name}.lock")):
                self._rewrite({**self.rows(), case: row})
        assert self.rows().get(case) == row, f"{self.page.name} is out of date: run `make pages`"

    def _rewrite(self, known: dict[str, str]) -> None:
        before, _, rest = self.page.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        head = [f"| {' | '.join(self.head)} |", "|" + "---|" * len(self.head)]
        table = "\n".join([*head, *(known[case] for case in self.order if case in known)])
        self.page.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")
