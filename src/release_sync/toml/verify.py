"""Edits of TOML files are proved by parsing the result: it says what was meant, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rtoml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from release_sync.toml.location import Keys


def is_toml(path: str) -> bool:
    """Return whether a file is one of TOML: a manifest, a Cargo.toml, uv.lock."""
    return path.endswith(".toml") or path.rpartition("/")[2] == "uv.lock"


def says(
    before: bytes,
    after: bytes,
    meant: Iterable[tuple[Keys, str | bool]],
    texts: Collection[str] = (),
) -> bool:
    """Return whether an edited file differs from the old one in what was meant, and only there.

    ``meant`` is what stands where afterwards. Where ``texts`` were written without naming keys,
    strings may differ that hold one of them.
    """
    try:
        old, new = rtoml.loads(before.decode()), rtoml.loads(after.decode())
        for keys, value in meant:
            _put(old, keys, value)
    except (ValueError, LookupError, TypeError):
        return False
    return _is_same(old, new, texts)


def _put(document: Any, keys: Keys, value: object) -> None:  # noqa: ANN401 - TOML may hold anything
    *way, last = keys
    for key in way:
        document = document.setdefault(key, {}) if isinstance(document, dict) else document[key]
    document[last] = value


def _is_same(old: object, new: object, texts: Iterable[str]) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_is_same(old[one], new[one], texts) for one in old)
    if isinstance(old, list) and isinstance(new, list):
        pairs = zip(old, new, strict=False)
        return len(old) == len(new) and all(_is_same(*pair, texts) for pair in pairs)
    if isinstance(old, str) and isinstance(new, str):
        return old == new or any(text in new for text in texts)
    return repr(old) == repr(new)  # not a number is equal to nothing, and is written the same
