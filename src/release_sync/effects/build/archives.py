"""What is in a wheel or an sdist, read without unpacking it."""

from __future__ import annotations

import re
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from packaging.metadata import RawMetadata, parse_email

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    RuntimeError,  # what zipfile raises for what is encrypted, or compressed in another way
    zlib.error,
    zipfile.BadZipFile,
    tarfile.TarError,
)
"""What is raised for a file that is no such archive, or a damaged one."""

_TOP_LEVEL = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:/__init__)?\.py")
_INFO = ".dist-info"


def is_wheel(file: Path) -> bool:
    """Return whether a file is a wheel, by its name."""
    return file.suffix == ".whl"


def names(file: Path) -> list[str]:
    """Return the path of each file in an archive, in its order; one may be there twice."""
    if is_wheel(file):
        with zipfile.ZipFile(file) as wheel:
            return wheel.namelist()
    with tarfile.open(file) as sdist:
        return [member.name for member in sdist if member.isfile()]


def contents(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each file in an archive."""
    if is_wheel(file):
        with zipfile.ZipFile(file) as wheel:
            for name in wheel.namelist():
                yield name, wheel.read(name)
        return
    with tarfile.open(file) as sdist:
        for member in sdist:
            stream = sdist.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield member.name, stream.read()


def checksums(wheel: Path) -> dict[str, int]:
    """Return the CRC-32 of each file in a wheel that is not empty, by its path."""
    with zipfile.ZipFile(wheel) as archive:
        return {one.filename: one.CRC for one in archive.infolist() if one.file_size}


def metadata(file: Path) -> RawMetadata:
    """Return an archive's own core metadata, and not those of what is vendored in it.

    They are where the documents say: ``NAME-VERSION.dist-info/METADATA`` with the file's own name
    and version (binary distribution format), ``NAME-VERSION/PKG-INFO`` (PEP 625 and 643). Raises
    KeyError when they are not there.
    """
    return parse_email(_metadata_bytes(file))[0]


def information_folders(wheel: Path) -> list[str]:
    """Return the folders ``*.dist-info`` at the top level of a wheel; there should be one."""
    tops = {name.partition("/")[0] for name in names(wheel)}
    return sorted(top for top in tops if top.endswith(_INFO))


def modules_of(wheel: Path) -> tuple[str, ...]:
    """Return the modules at the top level of a wheel: packages with an ``__init__``, and files."""
    matches = (_TOP_LEVEL.fullmatch(name) for name in names(wheel))
    return tuple(sorted({found[1] for found in matches if found}))


def requires_python(wheel: Path) -> str:
    """Return ``Requires-Python`` of a wheel; empty when it has none."""
    return metadata(wheel).get("requires_python", "")


def _metadata_bytes(file: Path) -> bytes:
    if is_wheel(file):
        with zipfile.ZipFile(file) as wheel:
            return wheel.read(f"{'-'.join(file.name.split('-')[:2])}{_INFO}/METADATA")
    with tarfile.open(file) as sdist:
        path = f"{file.name.removesuffix('.tar.gz')}/PKG-INFO"
        stream = sdist.extractfile(path)
        if stream is None:
            raise KeyError(path)
        return stream.read()
