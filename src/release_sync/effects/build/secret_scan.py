"""A scan for secrets in what is about to be published: an index never forgets them."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


def leaks(files: Iterable[Path], secrets: Mapping[str, str]) -> list[str]:
    """Return where a secret stands in the artifacts; ``secrets`` maps each to what it is.

    A password in a ``publish-url`` of ``pyproject.toml`` is the common one: an sdist holds that
    file.
    """
    wanted = {value.encode(): where for value, where in secrets.items()}
    return [
        f"{file.name}: {name} holds the secret of {where}"
        for file in (files if wanted else ())
        for name, content in _contents(file)
        for value, where in wanted.items()
        if value in content
    ]


def _contents(file: Path) -> Iterator[tuple[str, bytes]]:
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
        return
    with tarfile.open(file) as sdist:
        for member in sdist:
            stream = sdist.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield member.name, stream.read()
