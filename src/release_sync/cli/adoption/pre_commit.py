"""The entry in ``.pre-commit-config.yaml``, put into it as text: nothing else of it changes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.change import Change
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

PATH = ".pre-commit-config.yaml"
HOOK = "release-sync"

_OURS = re.compile(rf"""^\s*(?:-\s+)?id:\s*["']?{HOOK}(?:-fix)?["']?\s*(?:\#.*)?$""", re.MULTILINE)
_REPOS = re.compile(r"""(?:repos|"repos"|'repos')\s*:\s*(?P<value>[^#]*?)\s*(?:#.*)?""")
_HOOKS = re.compile(r"( *(?:- +)?)hooks:\s*(?:#.*)?")
_ITEM = re.compile(r"( *)-( +)\S.*", re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z0-9./][A-Za-z0-9@:/._~+=-]*/[A-Za-z0-9@/._~+=-]*|v\d[\w.+-]*")


class Style(NamedTuple):
    """How the lists are laid out: spaces before and after a dash, and before that of a hook."""

    indent: str = "  "
    gap: str = " "
    hooks: str = "  "


def has_hook(data: bytes) -> bool:
    """Return whether a configuration names one of our hooks. Raises Problem."""
    return _OURS.search(_decoded(data)) is not None


def with_hook(before: bytes | None, repo: str, rev: str) -> Change:
    """Return the configuration with our hook as its last one. Raises Problem.

    ``before`` is None where there is none yet. ``repo`` and ``rev`` are what pre-commit clones and
    checks out.
    """
    said = f"the hook `{HOOK}` of {repo} at {rev}"
    if before is None:
        after = f"repos:\n{entry(repo, rev)}"
        return Change(PATH, None, after.encode(), (f"{PATH}: made, with {said}",))
    text = _decoded(before)
    newline = "\r\n" if "\r\n" in text else "\n"
    after = "".join(_lines(text, repo, rev, newline))
    return Change(PATH, before, after.encode(), (f"{PATH}: added {said}",))


def entry(repo: str, rev: str, style: Style = Style()) -> str:  # noqa: B008 - it is frozen
    """Return the entry of the list ``repos``."""
    inner = f"{style.indent} {style.gap}"
    return (
        f"{style.indent}-{style.gap}repo: {_scalar(repo)}\n"
        f"{inner}rev: {_scalar(rev)}\n"
        f"{inner}hooks:\n"
        f"{inner}{style.hooks}-{style.gap}id: {HOOK}\n"
    )


def _lines(text: str, repo: str, rev: str, newline: str) -> list[str]:
    """Return all lines, with the entry where the list ``repos`` ends."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    start = next((n for n, line in enumerate(lines) if _REPOS.fullmatch(line.rstrip())), None)
    if start is None:
        end, style, head = len(lines), Style(), f"repos:{newline}"
        _must_be_mapping(lines, repo, rev)
    elif _value(lines[start]) == "[]":
        end, style, head = start + 1, Style(), ""
        lines[start] = lines[start].replace("[]", "", 1).replace(": ", ":", 1)
    elif _value(lines[start]):
        raise _odd(repo, rev)
    else:
        end, head = _end(lines, start + 1), ""
        style = _style(lines[start + 1 : end])
    if end and not lines[end - 1].endswith("\n"):
        lines[end - 1] += newline
    lines.insert(end, head + entry(repo, rev, style).replace("\n", newline))
    return lines


def _value(line: str) -> str:
    found = _REPOS.fullmatch(line.rstrip())
    return found["value"] if found else ""


def _end(lines: Sequence[str], start: int) -> int:
    """Return the number of the line after the list that begins at ``start``.

    Comments that are not indented more than its dashes belong to what comes next; deeper ones may
    be part of a text that has lines like comments.
    """
    end, indent = start, None
    for number, line in enumerate(lines[start:], start):
        width = len(line) - len(line.lstrip(" "))
        comment = line.lstrip().startswith("#")
        if not line.strip() or (comment and (indent is None or width <= indent)):
            continue
        if width == 0 and not line.startswith("- "):
            break
        indent = width if indent is None else indent
        end = number + 1
    return end


def _style(block: Sequence[str]) -> Style:
    """Lay the entry out like those that are there."""
    items = [found for line in block if (found := _ITEM.fullmatch(line))]
    if not items:
        return Style()
    heads = [n for n, line in enumerate(block) if _HOOKS.fullmatch(line.rstrip())]
    hooks = "  "
    for number in heads[:1]:
        key = _HOOKS.match(block[number])
        below = next(
            (found for line in block[number + 1 :] if (found := _ITEM.fullmatch(line))), None
        )
        if key and below and len(below[1]) >= len(key[1]):
            hooks = " " * (len(below[1]) - len(key[1]))
    return Style(items[0][1], items[0][2], hooks)


def _must_be_mapping(lines: Sequence[str], repo: str, rev: str) -> None:
    """Raise Problem where nothing can be appended: a flow mapping, a list, a second document."""
    said = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if any(line.startswith(("{", "[", "- ", "...")) or "repos" in line for line in said):
        raise _odd(repo, rev)
    if any(line.startswith("---") for line in said[1:]):
        raise _odd(repo, rev)


def _odd(repo: str, rev: str) -> Problem:
    return Problem(
        f"{PATH} is laid out in a way that nothing can be added to; it was left as it was",
        hint=f"add this to its `repos` yourself:\n{entry(repo, rev)}".rstrip(),
    )


def _scalar(text: str) -> str:
    """Write a string for YAML: as it is where nothing can be misread, else in JSON's quotes."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Problem(f"{PATH} is not UTF-8", hint="fix it first") from error
