"""The package index: read through a library for the simple API, written through uv."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import requests
from packaging.version import InvalidVersion, Version
from pypi_simple import (
    DistributionPackage,
    ProjectPage,
    PyPISimple,
    UnsupportedContentTypeError,
    UnsupportedRepoVersionError,
)

from release_sync.steps.world import Observed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from release_sync.effects.address import Address
    from release_sync.effects.uv import Uv
    from release_sync.steps.artifact import Artifact

SECONDS = 20.0
"""How long the index may take to answer one question, unless UV_HTTP_TIMEOUT says otherwise."""

_NO_SIMPLE_PAGE = re.compile(rb"\A\s*\Z|<script|type=[\"']?password", re.IGNORECASE)
"""What is no answer, though its status says 200: nothing at all, or somebody's login page."""


class PackageIndex:
    """One index. Implements the port ``Index``."""

    def __init__(self, address: Address, uv: Uv | None, folder: Path) -> None:
        """Read at ``address``; ``uv`` runs in ``folder``, whose configuration it honours."""
        self.address = address
        self.name = address.name
        self.uv = uv
        self.folder = folder
        self.seconds = _seconds(os.environ if uv is None else uv.environ)
        auth = (address.username, address.password) if address.username else None
        self.client = PyPISimple(address.read, auth=auth)
        self.client.s.headers["Cache-Control"] = "no-cache"

    def files(self, project: str) -> tuple[DistributionPackage, ...] | None:
        """Return every file of a project; none for a project that is not there.

        None means that the index could not be asked: no answer, a failure, or no simple page.
        """
        try:
            return self._page(project)
        except (
            requests.RequestException,
            UnsupportedContentTypeError,
            UnsupportedRepoVersionError,
            ValueError,
            KeyError,
            TypeError,
        ):
            return None

    def _page(self, project: str) -> tuple[DistributionPackage, ...] | None:
        url = self.client.get_project_url(project)
        accept = {"Accept": self.client.accept}
        answer = self.client.s.get(url, headers=accept, timeout=self.seconds)
        if answer.status_code == requests.codes.not_found:
            return ()
        answer.raise_for_status()
        files = tuple(ProjectPage.from_response(answer, project).packages)
        # A page without a file may be that of a project without one; nothing at all can't be.
        return None if not files and _NO_SIMPLE_PAGE.search(answer.content) else files

    def look_up(self, artifact: Artifact) -> Observed:
        """Compare the file of that name with the artifact's hash (PEP 503, PEP 691)."""
        return self.served(artifact)[0]

    def served(self, artifact: Artifact) -> tuple[Observed, bool]:
        """Look an artifact up, and tell whether it is yanked (PEP 592)."""
        files = self.files(artifact.member)
        if files is None:
            return Observed.UNKNOWN, False
        there = next((one for one in files if one.filename == artifact.filename), None)
        if there is None:
            return Observed.ABSENT, False
        return self._compare(there, artifact), there.is_yanked

    def _compare(self, there: DistributionPackage, artifact: Artifact) -> Observed:
        sha256 = there.digests.get("sha256") or self._digest(there)
        if sha256 is None:
            return Observed.UNKNOWN
        return Observed.EXACT if sha256.lower() == artifact.sha256 else Observed.FOREIGN

    def versions(self, project: str) -> tuple[str, ...] | None:
        """Return the versions that the index has of a project, ascending; None: not answered."""
        files = self.files(project)
        if files is None:
            return None
        found = {_version(one.version) for one in files}
        return tuple(str(one) for one in sorted(one for one in found if one is not None))

    def look_up_version(self, project: str, version: str) -> Observed:
        """Tell whether a version is free (``ABSENT``) or taken (``FOREIGN``)."""
        files = self.files(project)
        if files is None:
            return Observed.UNKNOWN
        taken = any(_same(one.version, version) for one in files)
        return Observed.FOREIGN if taken else Observed.ABSENT

    def upload(self, files: Sequence[Path]) -> None:
        """Put files on the index. Raises Refused or Unanswered."""
        if self.uv is None:
            raise AssertionError(files)
        self.uv.publish(files, self.address.upload, self.folder)

    def _digest(self, package: DistributionPackage) -> str | None:
        """Hash what is served, for an index that does not say (pypiserver can be set up so)."""
        from hashlib import sha256  # noqa: PLC0415 - rarely needed

        try:
            with self.client.s.get(package.url, timeout=self.seconds, stream=True) as answer:
                answer.raise_for_status()
                digest = sha256()
                for chunk in answer.iter_content(1 << 16):
                    digest.update(chunk)
                return digest.hexdigest()
        except requests.RequestException:
            return None


def _seconds(environ: Mapping[str, str]) -> float:
    """Return how long a question may take, in seconds: as long as uv is told to wait."""
    told = environ.get("UV_HTTP_TIMEOUT", "")
    return float(told) if told.isdigit() and int(told) else SECONDS


def _same(left: str | None, right: str) -> bool:
    return left == right or _version(left) == Version(right)


def _version(text: str | None) -> Version | None:
    try:
        return Version(text or "")
    except InvalidVersion:
        return None
