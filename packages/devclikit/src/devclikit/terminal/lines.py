"""Lines of facts, with a label or a mark in front, in colours where there are some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from devclikit.plain import plain
from devclikit.terminal.wrapping import wrapped

if TYPE_CHECKING:
    from devclikit.terminal.medium import Medium

LABEL = 10
"""The columns of the word in front of a line."""


def painted(text: str, on: Medium, **style: Any) -> str:  # noqa: ANN401 - click.style's own
    """Return a text in a style; as it is where there are no colours."""
    return click.style(text, **style) if on.colour and text and style else text


def labelled(label: str, text: str, on: Medium) -> str:
    """Return a line of facts behind its label, wrapped below itself."""
    room = LABEL + 1
    shown = wrapped(plain(text), on.width, room, room)
    return f"{painted(f'{label:{LABEL}}', on, bold=True)} {shown}".rstrip(" ")
