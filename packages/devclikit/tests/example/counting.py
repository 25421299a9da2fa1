"""A group in a group, which is as lazy."""

from __future__ import annotations

from devclikit.lazy import Lazy, LazyGroup

group = LazyGroup(
    "count",
    help="Count things.",
    lazy={
        "words": Lazy("example.commands:greet", "Count the words."),
        "lines": Lazy("example.commands:greet", "Count the lines."),
    },
)
