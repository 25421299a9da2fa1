"""uv's settings as they are outside of a workspace: its indexes, and nothing else of it.

Whoever installs what is released has none of the workspace's overrides, constraints and sources,
which would hide that it can't be installed. The indexes go the way of the environment, for they may
carry credentials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_SWITCHES = {
    "native-tls": "UV_NATIVE_TLS",
    "system-certs": "UV_SYSTEM_CERTS",
}


def outside(
    settings: Mapping[str, Any], root: Path, environ: Mapping[str, str], first: Sequence[str] = ()
) -> dict[str, str]:
    """Return variables for uv that name the indexes of a workspace at ``root``, and how to read.

    ``first`` are looked at before all others, as ``UV_INDEX`` takes them, and what one of them has
    comes from nowhere else. An index that is ``explicit`` serves the workspace's sources alone.
    What the environment says counts before the settings, as it does for uv.
    """
    indexes = [one for one in settings.get("index", []) if one.get("url")]
    indexes = [{**one, "url": _absolute(str(one["url"]), root)} for one in indexes]
    listed = [one for one in indexes if not one.get("explicit") and not one.get("default")]
    flat = [one["url"] for one in listed if one.get("format") == "flat"]
    extra = [_absolute(str(one), root) for one in settings.get("extra-index-url", [])]
    named = [_named(one) for one in listed if one.get("format") != "flat"]
    found = {
        "UV_INDEX": [*first, *filter(None, [environ.get("UV_INDEX")]), *named, *extra],
        "UV_DEFAULT_INDEX": [*_default(indexes, settings, root, environ)],
        "UV_FIND_LINKS": [
            *filter(None, [environ.get("UV_FIND_LINKS")]),
            *flat,
            *(_absolute(str(one), root) for one in settings.get("find-links", [])),
        ],
        "UV_INSECURE_HOST": [
            *filter(None, [environ.get("UV_INSECURE_HOST")]),
            *map(str, settings.get("allow-insecure-host", [])),
        ],
    }
    own = {name: " ".join(values) for name, values in found.items() if values}
    if "keyring-provider" in settings and not environ.get("UV_KEYRING_PROVIDER"):
        own["UV_KEYRING_PROVIDER"] = str(settings["keyring-provider"])
    own |= {name: "1" for key, name in _SWITCHES.items() if settings.get(key) is True}
    return {**own, **({"UV_INDEX_STRATEGY": "first-index"} if first else {})}


def _default(
    indexes: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
    root: Path,
    environ: Mapping[str, str],
) -> Iterator[str]:
    """Yield the index that stands in place of the public one, if any does."""
    if environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL"):
        return
    chosen = next((one for one in indexes if one.get("default")), None)
    if chosen is not None:
        yield _named(chosen)
    elif settings.get("index-url"):
        yield _absolute(str(settings["index-url"]), root)


def _named(index: Mapping[str, Any]) -> str:
    """Return an index as ``UV_INDEX`` takes it: by its name uv finds its credentials."""
    name = index.get("name")
    return f"{name}={index['url']}" if name else str(index["url"])


def _absolute(url: str, root: Path) -> str:
    """Return a URL, or the path that it is: settings have it relative to where they are."""
    return url if urlsplit(url).scheme else str(root / url)
