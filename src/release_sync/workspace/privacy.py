"""Which members are never uploaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from release_sync.toml.manifest import Manifest


def is_private(manifest: Manifest) -> bool:
    """Return whether a manifest declares a package that is not for an index.

    That is the classifier ``Private :: …`` (the index refuses it), ``package = false`` for uv,
    ``package-mode = false`` for poetry, or no build system: uv treats such a project as virtual.
    """
    package, poetry = manifest.uv.value("package"), manifest.tool("poetry")
    if package is False or poetry.value("package-mode") is False:
        return True
    if not manifest.document.has("build-system") and package is not True:
        return True
    naming = manifest.project if manifest.project.has("classifiers") else poetry
    return any(one.startswith("Private ::") for one in naming.texts("classifiers"))
