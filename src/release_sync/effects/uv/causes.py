"""Why uv could not install something: its own words, the last cause first, and no long lists."""

from __future__ import annotations

import re

from release_sync.effects.secrets import indented_tail
from release_sync.lines import split_lines

CAUSE = re.compile(r"^\s*(?:error: |cause: |(?:\u00d7|\u2570|\u251c)\u2500*\u25b6?\s+)")
"""How uv begins a cause; the marks are those of versions before 0.10."""

HINT = re.compile(r"^\s*(?:hint:|warning:|help:)")
ADVICE = re.compile("wheels|subsequent index|Build failures usually")
"""What is in hints that help nobody here."""

OUTPUTS = frozenset({"[stderr]", "[stdout]"})
"""What stands above what a build printed: the last line of that is the cause."""

MOST = 5
"""How many lines of a cause are shown: what the resolver derives from it is longer."""

LONGEST = 400
"""How many characters of a line are shown."""


def causes(said: str) -> str:
    """Return what uv printed when an installation failed, its last cause first.

    uv writes a chain of causes, the last of them at the end, and hints below it. Those that say
    which wheels there are, and which indexes it did not ask, are left out. What has no such chain
    is shown as it is.
    """
    chain: list[list[str]] = []
    hints: list[str] = []
    for line in split_lines(said):
        if not line.strip():
            continue
        if HINT.match(line):
            hints.append(line.strip(" "))
        elif hints:
            continue  # the rest of one
        elif begun := CAUSE.match(line):
            chain.append([line[begun.end() :].strip()])
        elif chain:
            chain[-1].append(line.strip(" │"))
    if not chain:
        return indented_tail(said)
    last, *before = reversed(chain)
    printed = not OUTPUTS.isdisjoint(last)
    lines = [last[-1], last[0]] if printed else last[:MOST]
    lines += [one[0] for one in before]
    lines += [one for one in hints if not ADVICE.search(one)]
    first, *others = (line if len(line) <= LONGEST else f"{line[:LONGEST]} …" for line in lines)
    return "\n    ".join([first, *others])
