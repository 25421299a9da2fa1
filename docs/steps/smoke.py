# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Install the wheels of a release into a clean environment, and call a program of each.

A step at the point `verify` of [tool.release-sync.steps].
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

release = json.load(sys.stdin)
wheels = sorted(str(one) for one in Path(release["artifacts"]).glob("*.whl"))

with tempfile.TemporaryDirectory() as folder:
    uv, python = os.environ["UV"], f"{folder}/bin/python"
    subprocess.run([uv, "venv", "--quiet", folder], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *wheels], check=True)
    for name, version in release["members"].items():
        code = f"from importlib.metadata import version; print(version({name!r}))"
        said = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
        if said.stdout.strip() != version:
            sys.exit(f"{name} {version} is installed as {said.stdout.strip()}")

print(f"{len(wheels)} wheels install, and say who they are")
