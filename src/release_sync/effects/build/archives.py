"""What is in a wheel or an sdist, read without unpacking it."""

from __future__ import annotations

import re
import tarfile
import zipfile
import zlib
from configparser import ConfigParser
from configparser import Error as ConfigError
from functools import lru_cache
from keyword import iskeyword
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

_MODULE = re.compile(
    r"(?!__main__)([A-Za-z_]\w*)\.(?:py|(?:abi3|cpython-[\w-]+|pypy\w+-[\w-]+|cp\w+-\w+)\.(?:so|pyd))",
    re.ASCII,
)
"""The file of a module: a source, or an extension that says for which Python it was compiled."""

LARGEST_METADATA = 4 << 20
"""How large core metadata may be, in bytes; with a long description they have 100 KB."""

_INFO = ".dist-info"

Identity = tuple[int, int, int]
"""What tells a file from another one that is put in its place: inode, size, time of change (ns)."""


def is_wheel(file: Path) -> bool:
    """Return whether a file is a wheel, by its name."""
    return file.suffix == ".whl"


def names(file: Path) -> tuple[str, ...]:
    """Return the path of each file in an archive, in its order; one may be there twice."""
    return _names(file, _identity(file))


@lru_cache(maxsize=512)
def _names(file: Path, _: Identity) -> tuple[str, ...]:
    if is_wheel(file):
        with zipfile.ZipFile(file) as wheel:
            return tuple(wheel.namelist())
    return tuple(entry.name for entry in entries(file) if entry.isfile())


def entries(sdist: Path) -> tuple[tarfile.TarInfo, ...]:
    """Return what an sdist says of each of its files, folders and links, in its order."""
    return _unpacked(sdist, _identity(sdist))[0]


@lru_cache(maxsize=8)
def _unpacked(sdist: Path, _: Identity) -> tuple[tuple[tarfile.TarInfo, ...], bytes | None]:
    """Return the entries, and the core metadata if they are there: the only way is through all."""
    path, content = f"{sdist.name.removesuffix('.tar.gz')}/PKG-INFO", None
    found = []
    with tarfile.open(sdist) as archive:
        for entry in archive:
            found.append(entry)
            if entry.name == path:
                stream = archive.extractfile(entry)
                content = None if stream is None else stream.read()
    return tuple(found), content


def _identity(file: Path) -> Identity:
    """Return what is read once as long as it is the same: to list an sdist is to unpack it."""
    about = file.stat()
    return about.st_ino, about.st_size, about.st_ctime_ns


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
    return parse_email(metadata_bytes(file))[0]


def metadata_bytes(file: Path) -> bytes:
    """Return the bytes of an archive's own core metadata. Raises KeyError."""
    return _metadata_bytes(file, _identity(file))


@lru_cache(maxsize=2048)
def _metadata_bytes(file: Path, _: Identity) -> bytes:
    if is_wheel(file):
        with zipfile.ZipFile(file) as wheel:
            return wheel.read(f"{own_information(file)}/METADATA")
    content = _unpacked(file, _identity(file))[1]
    if content is None:
        raise KeyError(f"{file.name.removesuffix('.tar.gz')}/PKG-INFO is missing")
    return content


def own_information(wheel: Path) -> str:
    """Return the folder ``NAME-VERSION.dist-info`` of a wheel, by the wheel's name."""
    return f"{'-'.join(wheel.name.split('-')[:2])}{_INFO}"


def entry_points(wheel: Path) -> list[tuple[str, str, str]]:
    """Return group, name and value of each entry point (the specification of entry points).

    Raises ValueError for a file that can't be read.
    """
    found = ConfigParser(delimiters=("=",), interpolation=None, default_section="")
    found.optionxform = str  # type: ignore[assignment,method-assign]  # names are as they are written
    with zipfile.ZipFile(wheel) as archive:
        path = f"{own_information(wheel)}/entry_points.txt"
        if path not in archive.namelist():
            return []
        try:
            found.read_string(archive.read(path).decode("utf-8"))
        except ConfigError as error:
            raise ValueError(f"entry_points.txt: {error.message}") from error
    return [(group, *one) for group in found.sections() for one in found.items(group)]


def extra_of(value: str) -> str:
    """Return the extras that an entry point's value needs, ``a,b``; empty when it needs none."""
    return value.partition("[")[2].partition("]")[0].replace(" ", "")


def information_folders(wheel: Path) -> list[str]:
    """Return the folders ``*.dist-info`` at the top level of a wheel; there should be one."""
    tops = {name.partition("/")[0] for name in names(wheel)}
    return sorted(top for top in tops if top.endswith(_INFO))


def modules_of(wheel: Path) -> tuple[str, ...]:
    """Return the modules of a wheel that are nearest to the top, by their dotted names.

    These are packages with an ``__init__``, files and compiled extensions; in a namespace package,
    which has none (PEP 420), what lies next below. Stubs (PEP 561) are not imported.
    """
    found: set[str] = set()
    paths = [path.split("/") for path in map(installed_at, names(wheel)) if path]
    for parts in sorted(paths, key=lambda one: (len(one), one[-1] != "__init__.py")):
        name = _MODULE.fullmatch(parts[-1])
        folders = parts[:-1]
        if name is None or not all(map(str.isidentifier, folders)):
            continue
        dotted = [*folders, name[1]] if name[1] != "__init__" else folders
        above = {".".join(dotted[:length]) for length in range(1, len(dotted))}
        if dotted and not found & above and not any(map(iskeyword, dotted)):
            found.add(".".join(dotted))
    return tuple(sorted(found))


def installed_at(path: str) -> str:
    """Return where a file of a wheel is put among the modules; empty for what is put elsewhere."""
    top, _, below = path.partition("/")
    if top.endswith(".data"):
        scheme, _, path = below.partition("/")
        return path if scheme in {"purelib", "platlib"} else ""
    return "" if top.endswith(_INFO) else path


def requires_python(wheel: Path) -> str:
    """Return ``Requires-Python`` of a wheel; empty when it has none."""
    return metadata(wheel).get("requires_python", "")
