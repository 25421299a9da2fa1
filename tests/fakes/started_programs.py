"""Which programs were started: by our own Python, and by git."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

AUDIT = """\
import os, sys

def hook(event, given):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn"):
        with open(os.environ["STARTED"], "a") as file:
            file.write(f"{os.fspath(given[0])}\\n")

sys.addaudithook(hook)
"""


def trace(folder: Path) -> dict[str, str]:
    """Return variables by which every program is written down that is started from now on."""
    site = folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(AUDIT, encoding="utf-8")
    return {
        "PYTHONPATH": str(site),
        "STARTED": str(folder / "started"),
        "GIT_TRACE2_EVENT": str(folder / "started-by-git"),
    }


def started(folder: Path) -> set[str]:
    """Return the names of the programs that were started; what is git's own is ``git``.

    Our own Python starts itself once more, without the secrets, and to see what isolates.
    """
    ours = (folder / "started").read_text(encoding="utf-8").splitlines()
    text = (folder / "started-by-git").read_text(encoding="utf-8")
    events = map(json.loads, text.splitlines())
    theirs = [" ".join(one["argv"]) for one in events if one["event"] == "child_start"]
    found = {one.rpartition("/")[2] for one in ours if one != sys.executable}
    return found | {one.partition(" ")[0].partition("-")[0] for one in theirs}
