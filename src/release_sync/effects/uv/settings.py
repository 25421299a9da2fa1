"""uv's settings, merged from its configuration files as uv does it.

``uv.toml`` beside the workspace's manifest stands in place of ``[tool.uv]`` there; then come the
user's file and the system's (uv's documentation, "Configuration files").
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from release_sync.effects.regular_file import read
from release_sync.errors import Unreadable
from release_sync.toml.manifest import MANIFEST, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE = "uv.toml"


def settings(
    own: Mapping[str, Any], folder: Path | None, environ: Mapping[str, str]
) -> dict[str, Any]:
    """Return what uv is set to, ``index`` being all indexes in uv's order.

    ``own`` is the workspace's ``[tool.uv]``, ``folder`` its root, None where there is no working
    tree. Raises Unreadable for a file that uv could not read either.
    """
    layers = list(_layers(own, folder, environ))
    indexes = [one for layer in layers for one in layer.get("index", []) if isinstance(one, dict)]
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged.update(layer)
    return {**merged, "index": indexes}


def settings_in(folder: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what uv is set to in a workspace's folder. Raises Unreadable."""
    own = parsed(MANIFEST, read(folder / MANIFEST)).uv.content
    return settings(own, folder, environ)


def limits_age(found: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    """Return whether uv passes over packages that are too new (its ``exclude-newer``)."""
    pip = found.get("pip")
    own = isinstance(pip, dict) and "exclude-newer" in pip
    return own or "exclude-newer" in found or bool(environ.get("UV_EXCLUDE_NEWER"))


def _layers(
    own: Mapping[str, Any], folder: Path | None, environ: Mapping[str, str]
) -> Iterator[Mapping[str, Any]]:
    if environ.get("UV_NO_CONFIG"):
        yield own
        return
    if environ.get("UV_CONFIG_FILE"):
        yield _read(Path(environ["UV_CONFIG_FILE"]))
        yield {"index": own.get("index", [])}
        return
    beside = {} if folder is None else _read(folder / FILE)
    yield beside or own
    home = environ.get("HOME") or str(Path.home())
    for name in (environ.get("XDG_CONFIG_HOME") or f"{home}/.config", *_system(environ)):
        yield _read(Path(name, "uv", FILE))


def _system(environ: Mapping[str, str]) -> list[str]:
    return [*filter(None, environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep)), "/etc"]


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read(file).decode())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise Unreadable(f"{file}: {error}", hint="uv can't read it either") from error
