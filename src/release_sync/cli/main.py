"""The program ``release-sync``: secrets are put away before anything else is imported."""

from __future__ import annotations

import sys

from release_sync.effects.handover import put_secrets_away

WITHOUT = frozenset({"check", "explain", "init"})
"""The commands that neither release nor run anybody's code: secrets stay where they are."""


def main() -> int:
    """Run the command line, and return its exit code."""
    if WITHOUT.isdisjoint(sys.argv[1:2]):
        put_secrets_away()
    from release_sync.cli.program import run  # noqa: PLC0415 - what is imported twice takes twice

    return run()


if __name__ == "__main__":
    sys.exit(main())
