# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Write the version and today's date into CITATION.cff.

A step at the point `after-bump` of [tool.release-sync.steps], with writes = ["CITATION.cff"].
"""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

release = json.load(sys.stdin)
file = Path("CITATION.cff")
text = file.read_text(encoding="utf-8")
for key, value in {
    "version": release["version"],
    "date-released": datetime.now(UTC).date().isoformat(),
}.items():
    text, times = re.subn(rf"(?m)^{key}:.*$", f"{key}: {value}", text)
    if times != 1:
        sys.exit(f"{file} has {times} lines that begin with {key}:")
file.write_text(text, encoding="utf-8")
