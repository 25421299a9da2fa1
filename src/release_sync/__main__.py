"""``python -m release_sync``: the program ``release-sync``."""

from __future__ import annotations

import sys

from release_sync.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
