"""The words of an audit: one for each version, and one for each requirement on a sibling."""

from __future__ import annotations

from enum import Enum


class Word(Enum):
    """What a version is, by its files and its tag; the first that holds, in this order."""

    FOREIGN = "foreign"
    SPLIT = "split"
    YANKED_IN_PART = "yanked in part"
    YANKED = "yanked"
    UNPUBLISHED = "unpublished"
    UNTAGGED = "untagged"
    WHOLE = "whole"


WRONG = frozenset({Word.FOREIGN, Word.SPLIT, Word.YANKED_IN_PART})
"""What an installer can meet. The others are notes: nobody can install a wrong set of them."""


class Sibling(Enum):
    """What an installer takes today for a requirement on a sibling, the worst first."""

    UNMET = "unmet"
    EXCLUDED = "excluded"
    DRIFTED = "drifted"
    OPEN = "open"
    PINNED = "pinned"
