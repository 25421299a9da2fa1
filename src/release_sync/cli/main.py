"""The program ``release-sync``: secrets are put away before anything else is imported."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from release_sync.effects.handover import put_secrets_away

if TYPE_CHECKING:
    from collections.abc import Sequence

WITHOUT = frozenset({"check", "explain", "init", "change", "help", "completion"})
"""The commands that neither release nor run anybody's code: secrets stay where they are."""

COMPLETES = "_RELEASE_SYNC_COMPLETE"
"""The variable by which a shell asks for completions (click's documentation)."""

FLAGS = frozenset({"-q", "--quiet", "-v", "--verbose"})
VALUED = frozenset({"-C", "--directory", "--color"})


def main() -> int:
    """Run the command line, and return its exit code."""
    if asked(sys.argv[1:]) not in WITHOUT and COMPLETES not in os.environ:
        put_secrets_away()
    from release_sync.cli.program import run  # noqa: PLC0415 - what is imported twice takes twice

    return run()


def asked(line: Sequence[str]) -> str:
    """Return the command that a line names, without importing what reads options.

    ``""`` stands for none, and for what this does not understand.
    """
    rest = iter(line)
    for word in rest:
        if word in VALUED:
            next(rest, None)
        elif word not in FLAGS and not word.startswith(("--color=", "--directory=")):
            return "" if word.startswith("-") else word
    return ""


if __name__ == "__main__":
    sys.exit(main())
