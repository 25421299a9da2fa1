"""The version that ``setup.py`` hands to setuptools, read without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.backends.literals import assigned, string_span, syntax_tree
from release_sync.backends.version_source import UnknownSource, VcsVersion

if TYPE_CHECKING:
    import ast
    from typing import TypeGuard

    from release_sync.backends.literals import Literal

CODE = "setup.py finds the version by running code, which nobody does here"


def passed_version(data: bytes) -> Literal | None:
    """Return the literal ``version`` that ``setup`` is called with; None when it is with none.

    A name will do that is assigned once. Raises UnknownSource for what only running it would tell,
    and VcsVersion where it asks for setuptools-scm.
    """
    import ast  # noqa: PLC0415 - few members have such a file

    text = data.decode("utf-8", "surrogateescape")
    try:
        nodes = list(ast.walk(syntax_tree(text)))
    except ValueError as error:
        raise UnknownSource(f"setup.py can't be parsed: {error}") from error
    keywords = [keyword for one in nodes if _is_setup(one) for keyword in one.keywords]
    if any(one.arg == "use_scm_version" for one in keywords):
        raise VcsVersion
    versions = [one.value for one in keywords if one.arg == "version"]
    if not versions and all(one.arg for one in keywords):
        return None
    value = versions[0] if len(versions) == 1 else None
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return string_span(text, value)
    found = _assigned_once(data, nodes, value.id) if isinstance(value, ast.Name) else None
    if found is None:
        raise UnknownSource(CODE)
    return found


def _is_setup(node: ast.AST) -> TypeGuard[ast.Call]:
    import ast  # noqa: PLC0415 - the same

    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return "setup" in {getattr(called, "id", ""), getattr(called, "attr", "")}


def _assigned_once(data: bytes, nodes: list[ast.AST], name: str) -> Literal | None:
    import ast  # noqa: PLC0415 - the same

    stores = [one for one in nodes if isinstance(one, ast.Name) and one.id == name]
    is_once = sum(isinstance(one.ctx, ast.Store) for one in stores) == 1
    return assigned(data, name) if is_once else None
