"""Print the JSON schema of ``[tool.release-sync]`` , which ``make pages`` writes for editors."""

from __future__ import annotations

import json
import sys

from release_sync.schema import schema

sys.stdout.write(f"{json.dumps(schema(), indent=2, ensure_ascii=False)}\n")
