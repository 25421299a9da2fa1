"""Why each rule exists: the texts in ``explanations/``, as values."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from release_sync.configuration.rule_codes import NAMES
from release_sync.configuration.values import suggestion
from release_sync.errors import Unreadable
from release_sync.toml.document import parse

if TYPE_CHECKING:
    from collections.abc import Mapping


class Explanation(NamedTuple):
    """What is known about a rule, in Markdown.

    ``holds`` is a sentence; ``why`` tells what happened where the rule was not kept; ``fix`` is
    what ``--fix`` does. ``wrong`` and ``right`` map paths to the contents of files: the part of a
    workspace that matters, the rest of which is in order. ``tag`` is the tag's name where the rule
    is about one.
    """

    code: str
    name: str
    holds: str
    why: str
    fix: str
    wrong: Mapping[str, str]
    right: Mapping[str, str]
    tag: str = ""


def explanation(rule: str) -> Explanation:
    """Return what is known about a rule, by its code or its name. Raises Unreadable."""
    code = {name: code for code, name in NAMES.items()}.get(rule.lower(), rule.upper())
    if code not in NAMES:
        known = [*NAMES, *NAMES.values()]
        likely = rule.upper() if rule[:1].upper() == "R" else rule.lower()
        raise Unreadable(f"there is no rule {rule!r}", suggestion(likely, known))
    path = files("release_sync.cli.checking").joinpath("explanations", f"{code}.toml")
    return Explanation(code=code, name=NAMES[code], **parse(path.read_bytes()))


def explanations() -> tuple[Explanation, ...]:
    """Return what is known about every rule, by code."""
    return tuple(explanation(code) for code in NAMES)
