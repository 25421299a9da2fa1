"""``prepare --outputs``: what was sealed, as lines that a pipeline hands to its later jobs."""

from __future__ import annotations

import json
from pathlib import Path

from release_sync.effects.write_problem import as_problem


def append_outputs(file: str, document: str) -> None:
    """Append ``seal``, ``tag`` and ``version`` of a bundle's document to a file, a line each.

    That is what GitHub reads from the file that ``GITHUB_OUTPUT`` names, and GitLab from a dotenv
    report. Raises Problem where the file can't be written.
    """
    found = json.loads(document)
    (group,) = found["groups"]
    lines = {"seal": found["seal"], "tag": group["tag"], "version": group["version"]}
    try:
        with Path(file).open("a", encoding="utf-8") as opened:
            opened.writelines(f"{name}={value}\n" for name, value in lines.items())
    except OSError as error:
        raise as_problem(error) or error from error
