"""Where this devclikit was installed from, as uv's ``[tool.uv.sources]`` says it.

Never by name from an index: an unrelated package has this name there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from devclikit.errors import Stop

FORMS = "a folder, a wheel, `git+URL@REVISION#subdirectory=FOLDER`, or the URL of a wheel"
Source = dict[str, str | bool]


def installed() -> Source | None:
    """Return the source of the running devclikit; None when nothing says it."""
    from importlib import metadata  # noqa: PLC0415 - slow, and only here

    text = metadata.distribution("devclikit").read_text("direct_url.json")
    return None if text is None else recorded(json.loads(text))


def recorded(record: dict[str, Any]) -> Source | None:
    """Return the source that a ``direct_url.json`` tells of (PEP 610); None when it is gone."""
    url, below = record["url"], record.get("subdirectory")
    source: Source = {}
    if "vcs_info" in record:
        if record["vcs_info"]["vcs"] != "git":  # uv knows no other
            return None
        source = {"git": url, "rev": record["vcs_info"]["commit_id"]}
    elif urlsplit(url).scheme != "file":
        source = {"url": url}
    else:
        path = Path(url2pathname(urlsplit(url).path))
        if not path.exists():
            return None
        source = {"path": str(path)}
        if record.get("dir_info", {}).get("editable"):
            source["editable"] = True
    return source | ({"subdirectory": below} if below else {})


def given(text: str) -> Source:
    """Return the source that a user wrote, as pip and uv write it. Raises Stop."""
    address, _, fragment = text.partition("#")
    below: Source = {}
    if fragment.startswith("subdirectory="):
        below = {"subdirectory": fragment.removeprefix("subdirectory=")}
    if address.startswith("git+"):
        url = address.removeprefix("git+")
        head, at, revision = url.rpartition("@")
        if at and "/" in head.partition("://")[2]:  # else it is the user of ssh://git@…
            return {"git": head, "rev": revision} | below
        return {"git": url} | below
    if urlsplit(address).scheme in {"http", "https"}:
        return {"url": address} | below
    path = Path(text).expanduser()
    if text and (path.is_dir() or (path.suffix in {".whl", ".gz"} and path.is_file())):
        return {"path": str(path.resolve())}
    raise Stop(f"this is no source of devclikit: {text}", f"give {FORMS}")


def as_toml(source: Source) -> str:
    """Return the source as an inline table of TOML."""
    # A JSON text of ASCII is a TOML text: the escapes of both are the same.
    pairs = (f"{key} = {json.dumps(value)}" for key, value in source.items())
    return f"{{ {', '.join(pairs)} }}"
