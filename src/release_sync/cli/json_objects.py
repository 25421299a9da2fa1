"""JSON for other programs, one object a line; ``docs/events.md`` says what each field means."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from devclikit.output import write_object
from release_sync.guardrail.report.formats import JSON_FORMAT

if TYPE_CHECKING:
    from typing import TextIO

    from devclikit.output import Onward


def write(event: str, out: TextIO | Onward | None = None, /, **fields: object) -> None:
    """Write an object to stdout, or to another stream."""
    write_object(sys.stdout if out is None else out, format=JSON_FORMAT, event=event, **fields)
