"""Whether an index gives this job a token to upload with (trusted publishing)."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from release_sync.effects.index.token_scope import unfit
from release_sync.effects.secrets import masked
from release_sync.effects.uv.commands import PLAIN
from release_sync.errors import Problem
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.effects.index.address import Address
    from release_sync.effects.uv.commands import Uv

SECONDS = 60
"""How long the exchange may take."""

NAMED = "x-0-py3-none-any.whl"
"""A file that uv is told to upload, and does not: without one it exchanges nothing."""

LONGEST = 300
"""So many characters of an answer are repeated."""

_REFUSED = re.compile(
    r"Server returned error code (?P<status>400|401|403|404|422) .*\n\s*Response: (?P<said>.*)"
)
_MASKED = re.compile(r"^::add-mask::(\S+)", re.MULTILINE)
"""What hides a secret in a job's log (GitHub's documentation, "Workflow commands")."""

_CLAIM = re.compile(r'^\s*(repository|job_workflow_ref|project_path|environment): .*?"([^"]+)"',
                    re.MULTILINE)  # fmt: skip


def exchange_problem(
    uv: Uv, address: Address, folder: Path, projects: Sequence[str]
) -> Problem | None:
    """Exchange this job's identity for a token, once, and return why the index gives none.

    Or why it is not for all of the ``projects``, where the job is shown the token (see ``unfit``).
    uv does it, by a dry run, which uploads nothing, and gives the token back (measured with uv
    0.13.9). None also where it is not known: only the index's own no to these claims is one.
    """
    with TemporaryDirectory(prefix="release-sync-") as aside:
        file = Path(aside, NAMED)
        file.touch()
        line = [uv.program, "publish", "--dry-run", "--trusted-publishing", "always", str(file)]
        environ = {**uv.environ, **PLAIN, "UV_PUBLISH_URL": address.uploads_to,
                   "UV_HTTP_RETRIES": "1"}  # fmt: skip
        try:
            done = uv.children.run(line, folder, environ, SECONDS)
        except (OSError, subprocess.SubprocessError):
            return None
    found = _REFUSED.search(done.stderr)
    if found is None:
        return _unfit(done.stdout, address, projects)
    claims = ", ".join(f"{name} {printable(value)}" for name, value in _CLAIM.findall(done.stderr))
    return Problem(
        f"{address.name} gives this job no token ({found['status']}): {_said(found['said'])}",
        hint=f"see that {address.name} has it as a trusted publisher{claims and f': {claims}'}",
    )


def _unfit(masks: str, address: Address, projects: Sequence[str]) -> Problem | None:
    """Return that a token is not for all projects. GitHub's log is told to mask it, and so are we.

    Each publisher's own token has the projects that have this publisher.
    """
    for token in _MASKED.findall(masks):
        if words := unfit(token, projects, time.time()):
            return Problem(
                f"{address.name} trusts this job, and the token that it gives {words}",
                hint=f"add this job to {address.name} as a trusted publisher of each project",
            )
    return None


def _said(answer: str) -> str:
    """Return the index's own words (see warehouse's ``oidc/views.py``), without what is no text."""
    try:
        errors = json.loads(answer).get("errors") or []
        words = "; ".join(str(one.get("description") or one.get("code")) for one in errors)
    except (ValueError, AttributeError):
        words = ""
    return masked(printable(words or answer))[:LONGEST]
