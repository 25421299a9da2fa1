"""Which packages have code that is compiled, as far as their manifests say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.trees.paths import join

if TYPE_CHECKING:
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree

ALWAYS = {"maturin": "maturin", "scikit_build_core": "scikit-build-core", "mesonpy": "meson-python"}
"""The build backends that compile, by their modules."""

SETUP = re.compile(rb"\b(ext_modules|rust_extensions|cffi_modules)\b")
"""What ``setup`` is called with where there is something to compile."""

HOOKS = ("mypyc", "cython", "scikit-build")
"""The build hooks of hatch that compile."""


def compiled_by(tree: Tree, manifest: Manifest) -> str:
    """Return what compiles a package, in words; ``""`` where its manifest says nothing of it.

    What a script decides when it is run is not known: `setup.py` is searched for the usual words.
    """
    backend = manifest.build_backend
    if backend in ALWAYS:
        return ALWAYS[backend]
    if backend == "setuptools":
        script = tree.read(join(manifest.folder, "setup.py")) or b""
        if manifest.tool("setuptools").has("ext-modules") or SETUP.search(script):
            return "the extension modules of setuptools"
    for settings in manifest.settings("hatch") if backend == "hatchling" else ():
        for keys in (("hooks",), ("targets", "wheel", "hooks")):
            hooks = settings.table("build", *keys)
            for hook in filter(hooks.has, HOOKS):
                return f"the build hook {hook}"
    if backend == "poetry" and manifest.tool("poetry").has("build"):
        return "the build script of Poetry"
    return ""
