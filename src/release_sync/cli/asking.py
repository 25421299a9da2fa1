"""Questions on a terminal: before something is done, and for what nobody gave."""

from __future__ import annotations

import sys

import click

from devclikit.ending import asked
from devclikit.plain import plain
from devclikit.terminal.medium import medium
from devclikit.terminal.wrapping import wrapped
from release_sync.errors import Cancelled, Problem

ANSWERS = len(" [y/N]: ")
"""The columns that click takes behind a question."""


def confirm(question: str, *, yes: bool, typed: bool = False) -> None:
    """Ask once on a terminal. Raises Problem where nobody can be asked, or the answer is no.

    What is to be ``typed`` is answered by the word `yes` in full, and by no option.
    """
    if yes and not typed:
        return
    question = plain(question)
    _need_terminal(
        question,
        "name the release that was approved with `--seal OID`" if typed else "in CI, pass `--yes`",
    )
    width = medium(sys.stderr).width
    question = wrapped(f"{question} Type yes" if typed else question, width and width - ANSWERS, 4)
    with asked():
        if typed:
            agreed = click.prompt(question, default="no", err=True) == "yes"
        else:
            agreed = click.confirm(question, err=True)
    if not agreed:
        raise Cancelled


def answer(question: str, hint: str, kind: click.Choice[str] | None = None) -> str:
    """Return what is answered. Raises Problem with the hint where nobody can be asked."""
    _need_terminal(question, hint)
    with asked():
        return str(click.prompt(question, type=kind, err=True))


def _need_terminal(question: str, hint: str) -> None:
    if not sys.stdin.isatty():
        raise Problem(f"a prompt needs a terminal: {question}", hint=hint)
