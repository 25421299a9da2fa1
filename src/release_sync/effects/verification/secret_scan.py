"""A scan for secrets in what is about to be published: an index never forgets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.build.archives import UNREADABLE, contents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


def leaks(files: Iterable[Path], secrets: Mapping[str, str]) -> list[str]:
    """Return where a secret stands in the artifacts; ``secrets`` maps each to what it is.

    A password in a ``publish-url`` of ``pyproject.toml`` is the common one: an sdist holds that
    file. An artifact that can't be looked through is named, too.
    """
    wanted = {value.encode(): where for value, where in secrets.items()}
    return [words for file in (files if wanted else ()) for words in _leaks(file, wanted)]


def _leaks(file: Path, wanted: Mapping[bytes, str]) -> Iterator[str]:
    try:
        for name, content in contents(file):
            for value, where in wanted.items():
                if value in content:
                    yield f"{file.name}: {name} holds the secret of {where}"
    except UNREADABLE as error:
        yield f"{file.name}: can't be looked through for secrets: {error}"
