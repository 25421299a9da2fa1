"""Classifiers (PEP 301): a public index takes only those that it knows, and refuses a file for one.

It says so when the file is uploaded, which may be behind another package's.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from release_sync.effects.verification.same_wheel import some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNKNOWN = "unknown-classifier"

NEAR = 0.85
"""From which likeness on one is taken for a slip of the pen (``difflib``); 1 is the same."""


def untaken(said: Sequence[str]) -> Iterator[str]:
    """Yield what public indexes have against classifiers, as the list of them that is here has it.

    A later list may have more; so what nobody knows here can be accepted.
    """
    from trove_classifiers import classifiers, deprecated_classifiers  # noqa: PLC0415 - 4 ms

    for one in sorted({*said} & deprecated_classifiers.keys()):
        instead = " or ".join(map(repr, deprecated_classifiers[one]))
        yield f"public indexes do not take its classifier {one!r} any more{_say(instead)}"
    unknown = sorted({*said} - classifiers - deprecated_classifiers.keys())
    if unknown:
        near = get_close_matches(unknown[0], classifiers, 1, NEAR)
        yield (
            f"public indexes do not know its classifier {some([f'{one!r:.80}' for one in unknown])}"
            f"{_say(repr(near[0]) if near else '')}; a later trove-classifiers may, and"
            f' `accept = ["{UNKNOWN}"]` says that this index takes it'
        )


def _say(instead: str) -> str:
    return f": write {instead}" if instead else ""
