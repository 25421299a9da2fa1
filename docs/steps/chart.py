# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Write the version into the Chart.yaml of a Helm chart, whose folder is the only argument.

A step at the point `after-bump` of [tool.release-sync.steps], with writes = ["charts/*"].
"""

import json
import re
import sys
from pathlib import Path

release = json.load(sys.stdin)
file = Path(sys.argv[1], "Chart.yaml")
text = file.read_text(encoding="utf-8")
for key in ("version", "appVersion"):
    text, times = re.subn(rf"(?m)^{key}:.*$", f'{key}: "{release["version"]}"', text)
    if times != 1:
        sys.exit(f"{file} has {times} lines that begin with {key}:")
file.write_text(text, encoding="utf-8")
print(f"{file} is at {release['version']}")
