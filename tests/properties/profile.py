"""How many examples: few in the daily run, as many as RELEASE_SYNC_EXAMPLES says in a long one."""

from __future__ import annotations

import os

EXAMPLES = int(os.environ.get("RELEASE_SYNC_EXAMPLES", "40"))
