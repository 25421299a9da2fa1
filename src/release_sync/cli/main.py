"""The program ``release-sync``: secrets are put away before anything else is imported."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from release_sync.cli.platforms import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence

COMPLETES = "_RELEASE_SYNC_COMPLETE"
"""The variable by which a shell asks for completions (click's documentation)."""

INTERRUPTED = 130

FLAGS = frozenset({"-q", "--quiet", "-v", "--verbose"})
VALUED = frozenset({"-C", "--directory", "--color"})


def main() -> int:
    """Run the command line, and return its exit code.

    Of what runs anywhere nobody can take secrets: they stay where they are.
    """
    gc.disable()  # until a command is imported: what is imported stays
    is_release = asked(sys.argv[1:]) not in ANYWHERE and COMPLETES not in os.environ
    if is_release and sys.platform != "win32":  # where nothing is released
        from release_sync.effects.handover import put_secrets_away  # noqa: PLC0415 - not there

        put_secrets_away()
    try:
        from release_sync.cli.program import run  # noqa: PLC0415 - what is imported twice takes twice
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted\n")
        return INTERRUPTED
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
