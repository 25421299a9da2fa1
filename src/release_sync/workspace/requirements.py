"""Every table in which one member can require another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.standards.names import normalise, required_name
from release_sync.toml.document import strings, table
from release_sync.toml.location import Location, dotted
from release_sync.workspace.model import Fault, Requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from release_sync.toml.location import Keys
    from release_sync.toml.manifest import Manifest

HOOK = ("tool", "hatch", "metadata", "hooks", "uv-dynamic-versioning")


UV = (
    "dev-dependencies",
    "constraint-dependencies",
    "override-dependencies",
    "build-constraint-dependencies",
)
GROUPS = ("dependency-groups",)
ENVIRONMENT = ("dependencies", "extra-dependencies")
OVERRIDES = ("resolution", "overrides")


class Row(NamedTuple):
    """One requirement of a table, before anybody knows whether it is internal."""

    table: str
    extra: str
    keys: Keys
    text: str
    orders: bool = False
    name: str = ""


def requirements(manifest: Manifest, names: Collection[str]) -> tuple[Requirement, ...]:
    """Return what a manifest requires of members, in the order of the tables."""
    found = []
    for row in _rows(manifest.document):
        name = row.name or required_name(row.text)
        if name in names:
            place = Location(manifest.path, row.keys)
            form = "poetry" if row.name else "pep508"
            texts = (row.text, row.table, row.extra)
            found.append(Requirement(manifest.name, name, *texts, place, row.orders, form))
    return tuple(found)


def mistyped(manifest: Manifest) -> Iterator[Fault]:
    """Yield what is no array of strings where one must be: nothing in it would be read."""
    project, build = table(manifest.document, "project"), table(manifest.document, "build-system")
    arrays: dict[Keys, object] = {
        ("project", "dependencies"): project.get("dependencies"),
        ("build-system", "requires"): build.get("requires"),
    }
    several = (("project", "optional-dependencies"), project), (GROUPS, manifest.document)
    for keys, above in several:
        tables = above.get(keys[-1], {})
        if not isinstance(tables, dict):
            yield Fault("RS001", Location(manifest.path, keys), f"{dotted(keys)} is no table")
            continue
        arrays |= {(*keys, extra): array for extra, array in tables.items()}
    uv = table(manifest.document, "tool", "uv")
    if uv:
        arrays |= {("tool", "uv", kind): uv.get(kind) for kind in UV}
    for where, array in arrays.items():
        if array is not None and not _is_array(array, in_tables=where[:1] == GROUPS):
            message = f"{dotted(where)} is no array of strings"
            yield Fault("RS001", Location(manifest.path, where), message, manifest.name)


def _is_array(value: object, *, in_tables: bool) -> bool:
    """Say whether it holds strings only; a group may include another one (PEP 735)."""
    kinds = (str, dict) if in_tables else str
    return isinstance(value, list) and all(isinstance(one, kinds) for one in value)


def _rows(document: dict[str, Any]) -> Iterator[Row]:
    yield from _standard(document)
    tool = document.get("tool")
    if isinstance(tool, dict):
        for name, read in TOOLS.items():
            if name in tool:
                yield from read(tool[name])


def _standard(document: dict[str, Any]) -> Iterator[Row]:
    """Yield what PEP 621, PEP 735 and PEP 518 have tables for."""
    project = table(document, "project")
    keys: Keys = ("project", "dependencies")
    yield from _array(keys, "", project.get("dependencies"), orders=True)
    yield from _arrays(("project", "optional-dependencies"), project.get("optional-dependencies"))
    yield from _arrays(("dependency-groups",), document.get("dependency-groups"))
    keys = ("build-system", "requires")
    yield from _array(keys, "", table(document, "build-system").get("requires"))


def _uv(uv: object) -> Iterator[Row]:
    for kind in UV:
        yield from _array(("tool", "uv", kind), "", table(uv).get(kind))
    kind = "extra-build-dependencies"
    for package, array in table(uv, kind).items():
        keys = ("tool", "uv", kind, package)
        yield from _array(keys, package, array, inner="requirement")


def _pdm(pdm: object) -> Iterator[Row]:
    keys = ("tool", "pdm", "dev-dependencies")
    yield from _arrays(keys, table(pdm).get("dev-dependencies"))
    yield from _pairs(("tool", "pdm", "resolution", "overrides"), "", table(pdm, *OVERRIDES))


def _hatch(hatch: object) -> Iterator[Row]:
    for name, environment in table(hatch, "envs").items():
        for row in _environment(("tool", "hatch", "envs", name), name, environment):
            yield row._replace(table="tool.hatch.envs")
    for row in _building(("tool", "hatch", "build"), table(hatch, "build")):
        yield row._replace(table="tool.hatch.build")
    hook = table(hatch, *HOOK[2:])
    yield from _array((*HOOK, "dependencies"), "", hook.get("dependencies"), orders=True)
    yield from _arrays((*HOOK, "optional-dependencies"), hook.get("optional-dependencies"))


def _environment(keys: Keys, name: str, environment: object) -> Iterator[Row]:
    """Yield a hatch environment's own requirements, and those that its ``overrides`` put there."""
    for kind in ENVIRONMENT:
        yield from _array((*keys, kind), name, table(environment).get(kind))
    for source, conditions in table(environment, "overrides").items():
        for condition, options in table(conditions).items():
            for option, array in table(options).items():
                if option.removeprefix("set-") in ENVIRONMENT:
                    where = (*keys, "overrides", source, condition, option)
                    yield from _array(where, name, array, inner="value")


def _building(keys: Keys, build: dict[str, Any]) -> Iterator[Row]:
    """Yield what hatch builds with: for all, for a target, for a hook of either."""
    yield from _array((*keys, "dependencies"), "", build.get("dependencies"))
    for kind in ("targets", "hooks"):
        for name, one in table(build, kind).items():
            yield from _building((*keys, kind, name), table(one))


def _poetry(poetry: object) -> Iterator[Row]:
    """Yield poetry's own tables, where the name is the key and the constraint the value."""
    keys: Keys = ("tool", "poetry")
    document = table(poetry)
    yield from _pairs((*keys, "dependencies"), "", document.get("dependencies"), orders=True)
    yield from _pairs((*keys, "dev-dependencies"), "", document.get("dev-dependencies"))
    for name, group in table(document, "group").items():
        where = (*keys, "group", name, "dependencies")
        for row in _pairs(where, name, table(group).get("dependencies")):
            yield row._replace(table="tool.poetry.group")


def _array(
    keys: Keys, extra: str, array: object, *, orders: bool = False, inner: str = ""
) -> Iterator[Row]:
    """Yield the texts of an array; where there is an ``inner`` key, also those in tables."""
    kind = ".".join(str(key) for key in (keys[:-1] if extra else keys))
    for index, text in strings(array):
        yield Row(kind, extra, (*keys, index), text, orders)
    if inner and isinstance(array, list):
        for index, one in enumerate(array):
            if isinstance(table(one).get(inner), str):
                yield Row(kind, extra, (*keys, index, inner), table(one)[inner], orders)


def _arrays(keys: Keys, tables: object) -> Iterator[Row]:
    for extra, array in table(tables).items():
        yield from _array((*keys, extra), extra, array)


def _pairs(keys: Keys, extra: str, pairs: object, *, orders: bool = False) -> Iterator[Row]:
    kind = ".".join(str(key) for key in keys)
    for key, value in table(pairs).items():
        for way, constraint in _constraints(value):
            needed = orders and not _is_optional(value)
            yield Row(kind, extra, (*keys, key, *way), constraint, needed, normalise(key))


def _constraints(value: object) -> Iterator[tuple[Keys, str]]:
    """Yield each constraint with the keys that lead to it: a text, a table, an array of tables.

    A dependency by path, URL or git has none, and nothing can be wrong with it; it is needed.
    """
    if isinstance(value, str):
        yield (), value
    elif isinstance(value, dict):
        for key in ("version", "path", "url", "git"):
            if isinstance(value.get(key), str):
                yield (key,), value[key] if key == "version" else f"@ {value[key]}"
                return
    elif isinstance(value, list):
        for index, one in enumerate(value):
            for way, constraint in _constraints(one):
                yield (index, *way), constraint


def _is_optional(value: object) -> bool:
    return isinstance(value, dict) and value.get("optional") is True


TOOLS: Mapping[str, Callable[[object], Iterator[Row]]] = {
    "uv": _uv,
    "poetry": _poetry,
    "pdm": _pdm,
    "hatch": _hatch,
}
"""The tables of other tools, below ``[tool]``."""
