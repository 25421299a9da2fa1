"""Files that repeat a version, as mirrors: those that another tool edits, and those that say it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from release_sync.backends.literals import content, spelled
from release_sync.backends.regex_timeout import findall
from release_sync.cli.adoption.setting import Setting
from release_sync.cli.adoption.version_files import CURRENT, listed
from release_sync.standards.versions import is_same, is_version
from release_sync.workspace.groups import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.cli.adoption.surroundings import Surroundings
    from release_sync.cli.adoption.version_files import Listed
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Member, Workspace

VERSION = "{version}"
NAMES = ("VERSION", "VERSION.txt", "version.txt")
CHART = r"^(version|appVersion): (.*?)[ \t\r]*$"
ANY = r"[0-9]+(?:\.[0-9]+)+[0-9a-z.]*"
LONGEST = 60
"""So many characters of a line before its version are enough to know it again."""


def listed_mirrors(
    tree: Tree, workspace: Workspace, around: Surroundings
) -> tuple[list[Setting], list[str]]:
    """Return the mirrors to propose, and what is listed and can be none, with the reason."""
    mirrors: dict[tuple[str, str], dict[str, str]] = {}
    remarks: list[str] = []
    tools: dict[str, None] = {}
    folders = dict.fromkeys(["", *(one.folder for one in workspace.members)])
    read_anyway = _read_anyway(workspace)
    for one in dict.fromkeys(found for folder in folders for found in listed(tree, folder)):
        owner = _owner(workspace, one.path)
        is_own = one.path in read_anyway and "current" not in one.line
        if owner is None or not owner.version or is_own:
            continue
        data = tree.read(one.path) or b""
        pattern = _narrowed(data, _pattern(one, data, owner.version), owner.version)
        if pattern:
            mirrors[one.path, pattern] = _mirror(one.path, pattern, owner)
            tools[f"{one.tool} lists them"] = None
        else:
            remarks.append(
                f"{one.path}, which {one.tool} lists, is no mirror: no line of it has a text that"
                f" stands before {owner.version}, and before no other version"
            )
    for path, pattern, owner in _unlisted(tree, workspace, around):
        if path not in read_anyway and (path, pattern) not in mirrors:
            mirrors[path, pattern] = _mirror(path, pattern, owner)
            tools["they say the same version"] = None
    found = [Setting("mirrors", tuple(mirrors.values()), "; ".join(tools))]
    return (found if mirrors else []), remarks


def _mirror(path: str, pattern: str, owner: Member) -> dict[str, str]:
    text = {} if pattern == VERSION else {"pattern": pattern}
    is_roots = owner.group == DEFAULT and not path.startswith(f"{owner.folder}/")
    return {
        "path": path,
        **text,
        **({} if is_roots or not owner.folder else {"member": owner.name}),
    }


def _unlisted(
    tree: Tree, workspace: Workspace, around: Surroundings
) -> Iterator[tuple[str, str, Member]]:
    """Yield files and charts that say the version of the default group, with how they do."""
    places = [(name, VERSION) for name in NAMES if tree.read(name) is not None]
    for path in around.charts:
        places += [(path, pattern) for pattern in _charted(tree.read(path) or b"")]
    for path, pattern in places:
        owner = _owner(workspace, path)
        said = [one.text for one in spelled(tree.read(path) or b"", pattern)]
        is_same_version = owner and all(is_same(one, owner.version or "") for one in said)
        if said and owner and owner.group == DEFAULT and is_same_version:
            yield path, pattern, owner


def _charted(data: bytes) -> Iterator[str]:
    """Yield how a chart says the version of its application.

    Helm gives a chart a version of its own, too, and begins with 0.1.0: it is the application's
    where it is that of ``appVersion``, or where there is none (helm.sh, Chart.yaml).
    """
    text = data.decode("utf-8", "replace")
    said = dict(re.findall(CHART, text, re.MULTILINE))
    bare = {key: value.strip("\"'") for key, value in said.items()}
    for key, value in said.items():
        if bare[key] and (key != "version" or bare[key] == bare.get("appVersion", bare[key])):
            yield f"{key}: {value.replace(bare[key], VERSION)}"


def _pattern(one: Listed, data: bytes, version: str) -> str:
    """Return the text around the version; empty where there is none."""
    around = one.search.replace(CURRENT, "")
    if around.strip() and not {"{", "}"} & {*around}:
        return one.search.replace(CURRENT, VERSION)
    if not one.line and is_version(content(data).text):
        return VERSION
    text = data.decode("utf-8", "surrogateescape")
    lines = [line for line in text.split("\n") if _is_meant(one.line, line)]
    found = [_around(line, re.escape(version)) for line in lines]
    if not any(found) and sum(len(re.findall(ANY, line)) for line in lines) == 1:  # it has drifted
        found = [_around(line, ANY) for line in lines]
    return next(filter(None, found), "")


def _around(line: str, version: str) -> str:
    """Return the text around a version in a line; empty where there is none before it."""
    place = re.search(rf"(?<![\w.])(?:{version})(?![\w.]*\w)", line)
    if place is None or {"{", "}"} & {*line}:
        return ""
    before, after = line[: place.start()].lstrip()[-LONGEST:], line[place.end() :][:1].strip()
    return f"{before}{VERSION}{after}" if before.strip() else ""


def _narrowed(data: bytes, pattern: str, version: str) -> str:
    """Return a pattern, at the start of lines if need be, that says no other versions as well.

    It is empty where there is none. A file that says another one only has drifted.
    """
    for one in (pattern, f"\n{pattern}") if pattern else ():
        said = {is_same(found.text, version) for found in spelled(data, one)}
        if len(said) == 1:
            return one
    return ""


def _is_meant(expression: str, line: str) -> bool:
    if not expression:
        return True
    with suppress(re.error):  # also one that takes too long
        return next(iter(findall(expression, line)), None) is not None
    return False


def _read_anyway(workspace: Workspace) -> set[str]:
    """Return the files whose version is read without being named."""
    found = {"uv.lock"}
    for one in workspace.members:
        found |= {one.manifest, *(mirror.place.path for mirror in one.mirrors)}
        if one.version_place is not None:
            found.add(one.version_place.path)
    return found


def _owner(workspace: Workspace, path: str) -> Member | None:
    """Return the member whose folder a file is in; else the root, or one that stands for it.

    A root that is in no group stands for nothing.
    """
    around = [
        one
        for one in workspace.members
        if path.startswith(f"{one.folder}/".lstrip("/")) and (one.folder or one.group)
    ]
    if around:
        return max(around, key=lambda one: len(one.folder))
    first = next(iter(workspace.groups), None)
    return workspace.member(first.every[0]) if first else None
