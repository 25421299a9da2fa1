"""Which members are never uploaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.toml.document import strings, table

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_private(document: Mapping[str, Any]) -> bool:
    """Say whether a manifest declares a package that is not for an index.

    That is the classifier ``Private :: …`` (the index refuses it), ``package = false`` for uv,
    ``package-mode = false`` for poetry, or no build system: uv treats such a project as virtual.
    """
    package = table(document, "tool", "uv").get("package")
    poetry = table(document, "tool", "poetry")
    if package is False or poetry.get("package-mode") is False:
        return True
    if "build-system" not in document and package is not True:
        return True
    classifiers = table(document, "project").get("classifiers", poetry.get("classifiers"))
    return any(one.startswith("Private ::") for _, one in strings(classifiers))
