"""The packages of a repository in which nothing declares a workspace."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.manifest import rendered
from release_sync.cli.adoption.setting import Setting
from release_sync.cli.adoption.tag_pattern import seen
from release_sync.errors import NoWorkspace
from release_sync.lines import split_records
from release_sync.toml.document import Broken
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.trees.git import ask
from release_sync.trees.paths import join
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.discovery import is_example
from release_sync.workspace.requirements import requirements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from release_sync.cli.adoption.surroundings import Surroundings
    from release_sync.toml.manifest import Manifest

MOST = 5
"""So many folders are named; there may be hundreds."""

SETUP = "setup.py"
COMMAND = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--")


class Packages(NamedTuple):
    """Packages that belong together; ``root`` is the folder whose manifest is to say so.

    ``others`` are the folders of packages that nothing tells to belong to them.
    """

    root: str
    setting: Setting
    others: tuple[str, ...]

    @property
    def remarks(self) -> Iterator[str]:
        """What is to be said of the others."""
        if self.others:
            names = ", ".join(self.others[:MOST]) + (", …" if len(self.others) > MOST else "")
            yield f"not in `packages`, for neither siblings nor tags name them: {names}"


def packages(around: Surroundings, declared: str = "") -> Packages | None:
    """Return the packages that require each other, or have tags of their own; None for just one.

    ``declared`` is the folder of a workspace that is there, below the top: it is the repository's,
    and None is returned, unless most packages are elsewhere. Raises NoWorkspace, with tables to
    choose from, where nothing says that they belong together.
    """
    every = _folders(around.top, MANIFEST) if around.top else []
    found = {one.folder: one for one in _manifests(around.top, every)}
    folders = [folder for folder in found if found[folder].is_package]
    inside = [one for one in folders if f"{one}/".startswith(f"{declared}/")] if declared else []
    setups = _setups(around.top) if not (folders or declared) else []
    if setups:
        raise _nameless(setups)
    if len(folders) == 1 or 2 * len(inside) > len(folders) or not folders:
        return None
    tagged = {one.name for one in seen(around.tags, {found[one].name: one for one in folders})}
    named = {folder for folder in folders if found[folder].name in tagged}
    joined = _joined([found[one] for one in folders])
    chosen = named | joined if joined or len(named) > 1 else set()
    if 2 * len(chosen) < len(folders):  # few of many say nothing of the others
        chosen = set()
    root = _root(around.top, chosen or folders)
    if not chosen:
        raise _unsaid(root, folders, every)
    chosen |= {root} & set(folders)  # which is a member in any case
    chosen |= {one for one in folders if _is_outnumbered(one, root, chosen, folders)}
    others = tuple(one for one in folders if one not in chosen)
    why = "they require each other" if joined else "each has tags of its own"
    globs = tuple(_globs(root, chosen, every))
    return Packages(str(Path(around.top, root)), Setting("packages", globs, why), others)


def _folders(top: str, file: str) -> list[str]:
    """Return the folders with such a file, such as a manifest, that git knows, or would."""
    cut = (path.rpartition("/") for path in {*split_records(ask(top, *COMMAND, f"*{file}"))})
    return sorted(folder for folder, _, name in cut if name == file)


def _setups(top: str) -> list[str]:
    """Return the folders of packages that code describes, but for those of examples."""
    return [one for one in _folders(top, SETUP) if not is_example(one)] if top else []


def _manifests(top: str, folders: Iterable[str]) -> Iterator[Manifest]:
    """Yield the manifests that can be read, but for those of examples, tests and docs."""
    tree = WorkingTree(top)
    for folder in folders:
        path = join(folder, MANIFEST)
        with suppress(Broken):  # whoever checks it will say so
            if not is_example(folder):
                yield parsed(path, tree.read(path) or b"")


def _joined(manifests: Collection[Manifest]) -> set[str]:
    """Return the folders of the packages that require another, or are required by one."""
    folders = {one.name: one.folder for one in manifests}
    edges = [edge for one in manifests for edge in requirements(one, folders)]
    ends = [(edge.owner, edge.name) for edge in edges if edge.owner != edge.name]
    return {folders[name] for edge in ends for name in edge}


def _root(top: str, folders: Iterable[str]) -> str:
    """Return the lowest folder with a manifest around some folders; else the repository's top."""
    first, *others = (f"{one}/" for one in folders)
    folder = first.rstrip("/")
    while folder:
        is_around = all(f"{one}/".startswith(f"{folder}/") for one in others)
        if is_around and Path(top, folder, MANIFEST).is_file():
            return folder
        folder = folder.rpartition("/")[0]
    return ""


def _globs(root: str, chosen: Collection[str], folders: Collection[str]) -> Iterator[str]:
    """Yield what matches the chosen folders, but the root, and no other with a manifest."""
    done: set[str] = set()
    for folder in sorted(chosen):
        parent = folder.rpartition("/")[0]
        if folder == root or parent in done:
            continue
        beside = {one for one in folders if one.rpartition("/")[0] == parent and one != root}
        siblings = beside & {*chosen}
        if parent and parent != root and siblings == beside and len(siblings) > 1:
            done.add(parent)
            yield f"{_below(root, parent)}/*"
        else:
            yield _below(root, folder)


def _is_outnumbered(
    folder: str, root: str, chosen: Collection[str], folders: Collection[str]
) -> bool:
    """Return whether most packages beside one are chosen: then it is new, and nothing names it."""
    parent = folder.rpartition("/")[0]
    beside = [one for one in folders if one.rpartition("/")[0] == parent]
    return parent not in {"", root} and 2 * len({*beside} & {*chosen}) > len(beside)


def _below(root: str, folder: str) -> str:
    return folder.removeprefix(f"{root}/") if root else folder


def _nameless(folders: Sequence[str]) -> NoWorkspace:
    """Return why packages that are described by code alone are no workspace."""
    names = [f"{one}/{SETUP}".lstrip("/") for one in folders]
    said = ", ".join([*names[:MOST], *("…" for _ in names[MOST : MOST + 1])])
    return NoWorkspace(
        f"no workspace: packages here are described by code alone, which is not run: {said}",
        hint=f"give each a {MANIFEST} with a [project] table, its `name` and its `version`,"
        " and call `release-sync init` again",
    )


def _unsaid(root: str, folders: Collection[str], every: Collection[str]) -> NoWorkspace:
    globs = Setting("packages", tuple(_globs(root, folders, every)), "")
    tables = {
        "one version for all of them": (globs,),
        "each with a version of its own": (globs, Setting("independent", ("*",), "")),
    }
    if root in folders:
        alone = f"only {f'{root}/' if root else ''}{MANIFEST}"
        tables[alone] = (Setting("packages", (), ""),)
    shown = "".join(f"\n# {words}\n{rendered(table)}" for words, table in tables.items())
    place = f"{root}/{MANIFEST}" if root else MANIFEST
    return NoWorkspace(
        f"no workspace: there are {len(folders)} packages, and nothing says how they belong"
        f" together: {', '.join([one or '.' for one in folders][:MOST])}"
        f"{', …' if len(folders) > MOST else ''}",
        hint=f"choose one of these tables for {place}, at the repository's top:{shown}".rstrip(),
    )
