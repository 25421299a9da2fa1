"""The entry in ``.pre-commit-config.yaml``: lines that are put in, and nothing else of it changes.

ruamel.yaml says where, and proves it by reading the result. It does not write: a round trip keeps
comments, but lays out anew what is indented in another way than the rest.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.cli.adoption.change import Change
from release_sync.errors import Problem
from release_sync.toml.document import Table

if TYPE_CHECKING:
    from ruamel.yaml import YAML

PATH = ".pre-commit-config.yaml"
HOOK = "release-sync"

_OURS = re.compile(
    rf"""^(?:[^#\n]*[\s{{,])?["']?id["']?:\s*["']?{HOOK}(?:-fix)?["']?\s*(?:[,}}\#].*)?$""",
    re.MULTILINE,
)
_PLAIN = re.compile(r"[A-Za-z0-9./][A-Za-z0-9@:/._~+=-]*/[A-Za-z0-9@/._~+=-]*|v\d[\w.+-]*")
_ITEM = re.compile(r"( *)-( +)")


class Style(NamedTuple):
    """How the lists are laid out: spaces before and after a dash, and before that of a hook."""

    indent: str = "  "
    gap: str = " "
    hooks: str = "  "


def has_hook(data: bytes) -> bool:
    """Return whether a configuration names one of our hooks. Raises Problem."""
    return _OURS.search(_decoded(data)) is not None


def loaded(data: bytes) -> Table:
    """Return a configuration; an empty one where it can't be read. Raises Problem."""
    found: Any = {}
    with suppress(ModuleNotFoundError):
        from ruamel.yaml import YAML  # noqa: PLC0415 - of the extra `release`, and for this only
        from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - the same

        with suppress(YAMLError):  # which pre-commit says better
            found = YAML(typ="safe", pure=True).load(_decoded(data))
    return Table(PATH, (), {"": found}).table("")


def with_hook(before: bytes | None, repo: str, rev: str) -> Change:
    """Return the configuration with our hook as its last one.

    ``before`` is None where there is no configuration yet. ``repo`` and ``rev`` are what pre-commit
    clones and checks out. Raises Problem, with the entry to paste, where it can't be added.
    """
    told = f"the hook `{HOOK}` of {repo} at {rev}"
    if before is None:
        after = f"repos:\n{entry(repo, rev)}"
        return Change(PATH, None, after.encode(), (f"{PATH}: made, with {told}",))
    try:
        after = _added(_decoded(before), repo, rev)
    except ModuleNotFoundError as error:
        raise _by_hand("can't be edited, for ruamel.yaml is not installed", repo, rev) from error
    return Change(PATH, before, after.encode(), (f"{PATH}: added {told}",))


def entry(repo: str, rev: str, style: Style = Style()) -> str:  # noqa: B008 - it is frozen
    """Return the entry of the list ``repos``."""
    inner = f"{style.indent} {style.gap}"
    return (
        f"{style.indent}-{style.gap}repo: {_scalar(repo)}\n"
        f"{inner}rev: {_scalar(rev)}\n"
        f"{inner}hooks:\n"
        f"{inner}{style.hooks}-{style.gap}id: {HOOK}\n"
    )


def _added(text: str, repo: str, rev: str) -> str:
    """Return the text with the entry. Raises Problem."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - of the extra `release`, and for this only
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - the same

    yaml = YAML(typ="safe", pure=True)
    try:
        old = yaml.load(text) or {}
        after = _inserted(yaml, text, repo, rev)
        new = yaml.load(after)
    except (YAMLError, _OddError) as error:
        raise _by_hand("is laid out in a way that nothing can be added to", repo, rev) from error
    ours = {"repo": repo, "rev": rev, "hooks": [{"id": HOOK}]}
    if new != {**old, "repos": [*(old.get("repos") or []), ours]}:
        raise _by_hand("is laid out in a way that nothing can be added to", repo, rev)
    return after


class _OddError(Exception):
    """A list ``repos`` that is no block of lines."""


def _inserted(yaml: YAML, text: str, repo: str, rev: str) -> str:
    root = yaml.compose(text)
    if root is None:
        return _with_lines(text, len(text), f"repos:\n{entry(repo, rev)}")
    if not root.tag.endswith(":map") or root.flow_style:
        raise _OddError
    for key, value in root.value:
        if key.value != "repos":
            continue
        if value.value and getattr(value, "flow_style", True):
            raise _OddError
        if value.value:
            return _with_lines(text, _end(yaml, text, value), entry(repo, rev, _style(text, value)))
        start, end = value.start_mark.index, value.end_mark.index
        if start != end:  # an empty list, `[]`
            text = f"{text[:start].rstrip(' ')}{text[end:]}"
        return _with_lines(text, _line_end(text, key.end_mark.index), entry(repo, rev))
    last = root.value[-1][1]
    return _with_lines(text, _end(yaml, text, last), f"repos:\n{entry(repo, rev)}")


def _end(yaml: YAML, text: str, node: Any) -> int:  # noqa: ANN401 - a node of one of several classes
    """Return the end of a node's last line that is neither blank nor a comment.

    A block ends, for ruamel.yaml, where what follows it begins; so its last part counts, which may
    be an alias, and is no node then.
    """
    parts = [(one.start_mark.index, one.end_mark.index) for one in yaml.parse(text)]
    last = max(end for start, end in parts if start < end <= node.end_mark.index)
    return _line_end(text, len(text[:last].rstrip()))


def _line_end(text: str, index: int) -> int:
    """Return the end of the line that has something before ``index``."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found


def _style(text: str, repos: Any) -> Style:  # noqa: ANN401 - the same
    """Lay the entry out like those that are there. Raises _OddError."""
    first = repos.value[0]
    indent, gap = _dash(text, first)
    for key, value in first.value if isinstance(first.value, list) else ():
        if getattr(key, "value", "") == "hooks" and getattr(value, "flow_style", True) is False:
            dash, _ = _dash(text, value.value[0])
            return Style(indent, gap, " " * (len(dash) - key.start_mark.column))
    return Style(indent, gap)


def _dash(text: str, item: Any) -> tuple[str, str]:  # noqa: ANN401 - the same
    """Return what is before and after the dash of an item in a list."""
    start = item.start_mark.index
    found = _ITEM.fullmatch(text, text.rfind("\n", 0, start) + 1, start)
    if found is None:
        raise _OddError
    return found[1], found[2]


def _with_lines(text: str, end: int, lines: str) -> str:
    """Put lines below the one that ends at ``end``, with the file's own line ends."""
    newline = "\r\n" if "\r\n" in text else "\n"
    before, after = text[:end].rstrip("\r"), text[end:].removeprefix("\n")
    if before and not before.endswith("\n"):
        before += newline
    return before + lines.replace("\n", newline) + after


def _by_hand(why: str, repo: str, rev: str) -> Problem:
    return Problem(
        f"{PATH} {why}; it was left as it was",
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
