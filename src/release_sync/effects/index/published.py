"""What an index has published of a project: its files, and the core metadata of its wheels.

What a stranger may have written is parsed here, and nowhere else in an audit.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from io import BytesIO
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import requests
from packaging.metadata import Metadata

from release_sync.audit.published import Kind, Project, PublishedFile
from release_sync.audit.repair import Place
from release_sync.effects.build.archives import LARGEST_METADATA, own_information
from release_sync.effects.index.bounded import within
from release_sync.effects.index.download import FAILURES
from release_sync.effects.index.told import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.requirements import Requirement
    from packaging.version import Version
    from pypi_simple import DistributionPackage

    from release_sync.effects.index.package_index import PackageIndex
    from release_sync.steps.uploading.served import Reply

PATIENCE = 3
"""How many times as long as one answer a whole file may take."""


UPLOADING = "uv publish"
"""The command that sends files to the index that uv uploads to unless it is told of another."""


class PublishedProjects:
    """An index, as far as an audit asks it. Implements the port ``Published``."""

    def __init__(
        self, index: PackageIndex, folder: str = "", *, is_configured: bool = False
    ) -> None:
        """Ask ``index``, and with its credentials; uv knows it by name if it is configured.

        ``folder`` is the workspace's in its repository.
        """
        named = f"{UPLOADING} --index {quote(index.name)}" if is_configured else UPLOADING
        self.index = index
        self.place = Place(named, folder)
        self.name = index.name

    def project(self, name: str) -> tuple[Reply, Project, str]:
        """Return the kind of answer, what is published of a project, and why nothing is known."""
        reply, files, why = self.index.listed(name)
        return reply, Project(name, published(files)), why

    def requirements(self, file: PublishedFile) -> tuple[Requirement, ...] | None:
        """Return what a wheel requires; None where that can't be read, or is too large.

        Of an index that serves core metadata by themselves (PEP 658 and 714) only these are
        downloaded; of any other the wheel, if it is no larger than a page may be.
        """
        download, url = self.index.download, file.metadata_url or file.url
        try:
            answer = within(PATIENCE * self.index.seconds, lambda: download.page(url, "*/*"))
        except FAILURES:
            return None
        if answer.status != requests.codes.ok:
            return None
        return required_by(answer.content, "" if file.metadata_url else file.filename)


def published(
    files: Iterable[DistributionPackage],
) -> dict[Version, tuple[PublishedFile, ...]]:
    """Return the wheels and sdists among the files of a page, by their versions."""
    found: dict[Version, list[PublishedFile]] = defaultdict(list)
    for one in files:
        version, kind = version_of(one), _KINDS.get(one.package_type or "")
        if version is not None and kind is not None:
            separate = kind is Kind.WHEEL and bool(one.has_metadata)
            found[version].append(
                PublishedFile(
                    one.filename,
                    kind,
                    version,
                    one.url,
                    one.metadata_url if separate else "",
                    one.digests.get("sha256", "").lower(),
                    one.is_yanked,
                )
            )
    return {version: tuple(every) for version, every in found.items()}


def required_by(content: bytes, wheel: str = "") -> tuple[Requirement, ...] | None:
    """Return what core metadata require, or those in the wheel of that name; None for no such."""
    try:
        data = _metadata_of(wheel, content) if wheel else content
        if len(data) > LARGEST_METADATA:
            return None
        return tuple(Metadata.from_email(data, validate=False).requires_dist or ())
    except Exception:  # noqa: BLE001 - a stranger's bytes: whatever a parser makes of them
        return None


def _metadata_of(wheel: str, content: bytes) -> bytes:
    """Return the core metadata in a wheel, and of what is too large, a byte more than it may be."""
    path = f"{own_information(Path(wheel))}/METADATA"
    with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(path) as metadata:
        return metadata.read(LARGEST_METADATA + 1)


_KINDS = {"wheel": Kind.WHEEL, "sdist": Kind.SDIST}
