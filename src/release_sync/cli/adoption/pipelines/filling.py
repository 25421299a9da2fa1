"""The texts of the workflows, and what is put into them."""

from __future__ import annotations

from importlib.resources import files
from textwrap import indent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def filled(template: str, words: Mapping[str, str]) -> bytes:
    """Return a text of this room with words in place of ``<<NAME>>``; each of them must be given.

    Neither YAML nor GitHub's expressions nor a shell's have such brackets.
    """
    text = files("release_sync.cli.adoption.pipelines").joinpath(template).read_text("utf-8")
    begun, *parts = text.split("<<")
    for part in parts:
        name, _, after = part.partition(">>")
        begun += words[name] + after
    return begun.encode()


def block(text: str, by: int) -> str:
    """Return lines indented for the place that they go to, without the last line's end."""
    return indent(text.strip("\n"), " " * by)
