"""Where a member's import packages are: those that its manifest names, and the one of its name.

Each function for a tool follows that tool's documentation. They yield ways below the member's
folder: a root with a package's path in it; or a root alone, in which the one of its name may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.toml.document import strings, table
from release_sync.trees.paths import inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

    Ways = Iterator[tuple[str, str]]


def import_packages(tree: Tree, manifest: Manifest) -> dict[str, frozenset[str]]:
    """Return the folders of the import packages that are there, each with the names in it.

    Of the folders that only have the member's name the first counts.
    """
    ways = list(_named(manifest.document))
    found: dict[str, frozenset[str]] = {}
    for root, way in ways:
        if way:
            _look(tree, manifest, root, way, found)
    for root in (*(root for root, way in ways if root and not way), "src", ""):
        for name in _guesses(manifest):
            if _look(tree, manifest, root, name, found):
                return found
    return found


def _look(
    tree: Tree, manifest: Manifest, root: str, way: str, found: dict[str, frozenset[str]]
) -> bool:
    """Say whether there is a package, and add it; none is outside of the member's folder."""
    folder = inside(manifest.folder, f"{root}/{way}" if root else way)
    above = f"{manifest.folder}/" if manifest.folder else ""
    if not folder or not folder.startswith(above):
        return False
    if folder not in found:
        names = frozenset(entry.name for entry in tree.entries(folder))
        if not names:
            return False
        found[folder] = names
    return True


def _guesses(manifest: Manifest) -> dict[str, None]:
    """Return what a package of the member's name may be called: backends don't agree."""
    written = manifest.display.replace("-", "_").replace(".", "/")
    return dict.fromkeys((manifest.name.replace("-", "_"), written))


def _named(document: Mapping[str, object]) -> Ways:
    tool = table(document, "tool")
    for name, read in TOOLS.items():
        if name in tool:
            yield from read(tool[name])


def _uv(uv: object) -> Ways:
    """``[tool.uv.build-backend]``: ``module-root``, and ``module-name``, one or several."""
    backend = table(uv, "build-backend")
    root = _text(backend.get("module-root"), "src")
    names = backend.get("module-name")
    yield from ((root, _path(one)) for _, one in strings(_several(names)))
    yield root, ""


def _hatch(hatch: object) -> Ways:
    """``[tool.hatch.build.targets.wheel] packages``: folders, of which the last part is kept."""
    for _, folder in strings(table(hatch, "build", "targets", "wheel").get("packages")):
        yield "", folder


def _flit(flit: object) -> Ways:
    """``[tool.flit.module] name``, below ``src`` or not."""
    name = _path(_text(table(flit, "module").get("name"), ""))
    yield "src", name
    yield "", name


def _poetry(poetry: object) -> Ways:
    """``[tool.poetry] packages``: an array of ``{ include, from }``."""
    packages = table(poetry).get("packages")
    for one in _several(packages):
        yield _text(table(one).get("from"), ""), _text(table(one).get("include"), "")


def _setuptools(setuptools: object) -> Ways:
    """``[tool.setuptools]``: ``packages``, ``package-dir``, and ``packages.find`` with ``where``.

    What lies in another package of the list is no import package of its own.
    """
    settings = table(setuptools)
    folders = {name: _text(way, "") for name, way in table(settings, "package-dir").items()}
    root = folders.pop("", "")
    names = {*(one for _, one in strings(settings.get("packages"))), *folders}
    for name in sorted(names):
        if not any(name.startswith(f"{other}.") for other in names):
            yield ("", folders[name]) if name in folders else (root, _path(name))
    for _, where in strings(table(settings, "packages", "find").get("where")):
        yield where, ""
    yield root, ""


def _pdm(pdm: object) -> Ways:
    """``[tool.pdm.build] package-dir``."""
    yield _text(table(pdm, "build").get("package-dir"), ""), ""


def _text(value: object, default: str) -> str:
    return value if isinstance(value, str) else default


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _path(name: str) -> str:
    return name.replace(".", "/")


TOOLS: Mapping[str, Callable[[object], Ways]] = {
    "uv": _uv,
    "hatch": _hatch,
    "flit": _flit,
    "poetry": _poetry,
    "setuptools": _setuptools,
    "pdm": _pdm,
}
"""The tables of build backends, below ``[tool]``."""
