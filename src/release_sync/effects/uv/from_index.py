"""An index before all others: what uv is told so that what it has comes from nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.uv.settings import limits_age, settings_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def first(index: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which uv looks into an index first, as ``UV_INDEX`` takes it.

    A package that it has comes from nowhere else. Without one they are none.
    """
    if not index:
        return {}
    indexes = " ".join(filter(None, (index, environ.get("UV_INDEX"))))
    return {"UV_INDEX": indexes, "UV_INDEX_STRATEGY": "first-index"}


def of_any_age(new: Iterable[str], folder: Path, environ: Mapping[str, str]) -> list[str]:
    """Return the options by which ``exclude-newer`` does not hold for packages that are new."""
    dated = limits_age(settings_in(folder, environ), environ)
    return [f"--exclude-newer-package={name}=false" for name in new if dated]
