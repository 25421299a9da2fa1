"""The two ways to cut what git and uv write: at line feeds, and at NUL bytes.

Not with ``str.splitlines``, which also ends a line at U+0085, at U+2028 and at others. git allows
these two in the name of a ref (git-check-ref-format(1)), so a branch ``main<U+2028>x`` would look
like ``main``. Nor with ``str.split()``, which takes such characters for blanks.
"""

from __future__ import annotations


def split_lines(output: str | bytes) -> list[str]:
    """Return the lines of an output, without their line feeds; whether the last has one or not.

    Bytes that are no UTF-8 are kept, as lone surrogates (PEP 383).
    """
    return _cut(output, "\n")


def split_records(output: str | bytes) -> list[str]:
    """Return the records of what git writes with ``-z``, without the NUL behind each."""
    return _cut(output, "\0")


def _cut(output: str | bytes, end: str) -> list[str]:
    text = output.decode("utf-8", "surrogateescape") if isinstance(output, bytes) else output
    return text.removesuffix(end).split(end) if text else []
