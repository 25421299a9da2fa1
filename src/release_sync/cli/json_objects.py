"""JSON for other programs, one object a line; ``docs/events.md`` says what each field means."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from devclikit.plain import plain_json
from release_sync.guardrail.report.formats import JSON_FORMAT

if TYPE_CHECKING:
    from typing import TextIO

    from devclikit.output import Onward


def write(event: str, out: TextIO | Onward | None = None, /, **fields: object) -> None:
    """Write an object to stdout, or to another stream."""
    stream = sys.stdout if out is None else out
    line = plain_json(json.dumps({"format": JSON_FORMAT, "event": event, **fields}))
    stream.write(f"{line}\n")
    stream.flush()
