"""A history of releases on a disk: tiny wheels and sdists, and a repository with their tags.

No build backend is run: each file is an archive with its metadata and nothing else.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

BUILD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
IDENT = "A Releaser <a@example.com> 1700000000 +0000"


def publish(packages: Path, filename: str, requires: Iterable[str] = ()) -> None:
    """Write a wheel or an sdist of that name, which requires so much (PEP 427, 566 and 625)."""
    wheel = filename.endswith(".whl")
    name, version = (filename.split("-")[:2] if wheel
                     else filename.removesuffix(".tar.gz").rsplit("-", 1))  # fmt: skip
    said = "".join(f"Requires-Dist: {one}\n" for one in requires)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{said}\n".encode()
    if wheel:
        with zipfile.ZipFile(packages / filename, "w") as archive:
            folder = f"{name}-{version}.dist-info"
            archive.writestr(f"{folder}/METADATA", metadata)
            archive.writestr(f"{folder}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            archive.writestr(f"{folder}/RECORD", "")
        return
    with tarfile.open(packages / filename, "w:gz", compresslevel=1) as sdist:
        entry = tarfile.TarInfo(f"{filename.removesuffix('.tar.gz')}/PKG-INFO")
        entry.size = len(metadata)
        sdist.addfile(entry, io.BytesIO(metadata))


def repository(
    folder: Path,
    tags: Mapping[str, Sequence[str]],
    more: str,
    environ: Mapping[str, str],
    pattern: str = "v{}",
) -> None:
    """Make a repository in which each version has the members that are named, and a tag.

    The first is the root. ``more`` is put at the end of the root's manifest in every commit.
    """
    subprocess.run(["git", "init", "-q", str(folder)], env=environ, check=True)
    stream = bytearray()
    for version, members in tags.items():
        stream += f"commit refs/heads/main\ncommitter {IDENT}\ndata 1\nx\ndeleteall\n".encode()
        for number, name in enumerate(members):
            path = f"packages/{name}/pyproject.toml" if number else "pyproject.toml"
            text = f'[project]\nname = "{name}"\nversion = "{version}"\n{BUILD}'
            data = (text if number else f"{text}{more}").encode()
            stream += f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
        stream += f"reset refs/tags/{pattern.format(version)}\nfrom refs/heads/main\n\n".encode()
    importing = ["git", "fast-import", "--quiet", "--force"]
    subprocess.run(importing, cwd=folder, env=environ, input=bytes(stream), check=True)
    subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=folder, env=environ, check=True)
