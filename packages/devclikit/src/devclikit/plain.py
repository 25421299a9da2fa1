"""Texts that others wrote, shown so that they do nothing: to a terminal, or to a CI's runner."""

from __future__ import annotations

import re

import click

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What moves a cursor, colours, hides or turns round what is beside it, or is no text at all."""

_COMMAND = re.compile(r"^(\s*:)(?=:)", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##(?=\[|vso\[)")


def plain(text: str) -> str:
    """Return a text that is only read. Its line feeds and tabs stay.

    A runner of GitHub takes a line that begins with ``::``, after any blanks, for a command, and
    ``##[`` wherever it stands; one of Azure ``##vso[``.
    """
    shown = _CONTROL.sub("?", text.replace("\r\n", "\n"))
    return _OLD_COMMAND.sub("# #", _COMMAND.sub(r"\1 ", shown))


def plain_json(text: str) -> str:
    """Return JSON that means the same, and in which no runner finds a command.

    ``json.dumps`` has escaped all else that is not only read.
    """
    return text.replace("##", "#\\u0023")


def show(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Write a text to stdout, or to stderr."""
    click.echo(plain(text), err=err, nl=nl)
