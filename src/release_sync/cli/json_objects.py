"""JSON for other programs, one object a line; ``docs/events.md`` says what each field means."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from devclikit.plain import plain_json

if TYPE_CHECKING:
    from typing import TextIO

    from devclikit.output import Onward

FORMAT = 2
"""The version of these objects; it grows when a field changes its meaning or goes away."""


def write(event: str, out: TextIO | Onward | None = None, /, **fields: object) -> None:
    """Write an object to stdout, or to another stream."""
    stream = sys.stdout if out is None else out
    line = plain_json(json.dumps({"format": FORMAT, "event": event, **fields}))
    stream.write(f"{line}\n")
    stream.flush()
