"""The packages of an embedded index: files in one folder, each of whose names is parsed once.

pypiserver walks the folder and parses the name of every file for each page, each download and each
upload: of five hundred members that takes longer than their builds. Only names are remembered, so
what somebody removes, adds or overwrites there is served as it is.
"""

from __future__ import annotations

import os
from copy import copy
from typing import TYPE_CHECKING

from pypiserver.backend import (  # type: ignore[import-untyped] # it has no types
    SimpleFileBackend,
    is_listed_path,
    valid_packages,
)
from pypiserver.pkg_helpers import (  # type: ignore[import-untyped] # the same
    normalize_pkgname,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any


class FlatFolder(SimpleFileBackend):  # type: ignore[misc] # the same
    """What pypiserver serves, from one folder without folders in it."""

    def __init__(self, config: Any) -> None:  # noqa: ANN401 - pypiserver's
        """Take the first of the roots."""
        super().__init__(config)
        self._known: dict[str, Any] = {}

    def get_all_packages(self) -> Iterator[Any]:
        """Yield every file whose name is that of a distribution."""
        root = self.roots[0]
        for name in os.listdir(root):  # noqa: PTH208 - a thousand of them for each page
            if name not in self._known:
                self._known[name] = _parsed(root, name)
            found = self._known[name]
            if found is not None:
                yield copy(found)  # pypiserver writes the hash into it

    def find_project_packages(self, project: str) -> Iterator[Any]:
        """Yield the files of one project."""
        wanted = normalize_pkgname(project)
        return (one for one in self.get_all_packages() if one.pkgname_norm == wanted)

    def exists(self, filename: str) -> bool:
        """Return whether a file of that name is there."""
        return bool((self.roots[0] / filename).is_file())


def _parsed(root: Path, name: str) -> Any:  # noqa: ANN401 - pypiserver's
    files = [root / name] if is_listed_path(name) else []
    return next(iter(valid_packages(root, files)), None)
