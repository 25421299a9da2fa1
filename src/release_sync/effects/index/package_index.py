"""The package index: read through a library for the simple API, written through uv."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING

from packaging.version import Version

from release_sync.effects.index.bounded import within
from release_sync.effects.index.download import FAILURES
from release_sync.effects.index.login_check import refusal
from release_sync.effects.index.pages import PATIENCE, SIDE_BY_SIDE, Pages
from release_sync.effects.index.reason import reason
from release_sync.effects.index.token_scope import unfit
from release_sync.effects.index.told import version_of
from release_sync.effects.secrets import masked
from release_sync.effects.uv.credentials import login
from release_sync.effects.uv.resolving import ASIDE, command, pinning, resolve
from release_sync.effects.uv.settings import settings_in
from release_sync.effects.uv.trusted_publishing import exchange_problem
from release_sync.effects.uv.uploader import Uploader, package
from release_sync.errors import Problem
from release_sync.seals.attestation import SUFFIX
from release_sync.steps.observed import Observed, to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from pypi_simple import DistributionPackage

    from release_sync.effects.index.address import Address
    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.uv.credentials import Login
    from release_sync.effects.uv.resolving import Aside
    from release_sync.seals.artifact import Artifact
    from release_sync.steps.uploading.served import Reply

SLOWEST = 1 << 16
"""The bytes that a file must bring in a second, on the whole."""

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class PackageIndex(Pages):
    """One index. Implements the port ``Index``."""

    def __init__(self, address: Address, uv: Uv | None, folder: Path, aside: Aside = ASIDE) -> None:
        """Read at ``address``; ``uv`` runs in ``folder``, whose configuration it honours."""
        super().__init__(address, os.environ if uv is None else uv.environ)
        self.name = address.name
        self.uv = uv
        self.folder = folder
        self.aside = aside
        self._accepted: set[str] = set()
        self._required: dict[tuple[str, Version | None], set[str | None]] = {}

    @property
    def is_pypi(self) -> bool:
        """Return whether it is PyPI, or PyPI's index for tests."""
        return self.address.is_pypi

    def look_up(self, artifact: Artifact) -> Observed:
        """Compare the file of that name with the artifact's hash (PEP 503, PEP 691).

        It is ``ABSENT`` also where the index answers 404, as an empty one does: an upload may go
        ahead then, for an index that has the file after all refuses it or has the same bytes.
        """
        return self._look_up([artifact])[artifact.filename]

    def look_up_each(self, artifacts: Iterable[Artifact]) -> dict[str, Observed]:
        """Compare several, side by side, and ask each project once."""
        projects: dict[str, list[Artifact]] = {}
        for one in artifacts:
            projects.setdefault(one.member, []).append(one)
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            answers = pool.map(self._look_up, projects.values())
            return {name: seen for some in answers for name, seen in some.items()}

    def listed(self, name: str) -> tuple[Reply, tuple[DistributionPackage, ...], str]:
        """Return the kind of answer about a project, the files on its page, and why it has none."""
        told = self._ask(name)
        return told.reply, told.files or (), told.why

    def resolve(
        self, wanted: Mapping[str, str], new: Mapping[str, str], *, alone: bool = False
    ) -> dict[str, str]:
        """Return what uv would install, for a Python that all that is new allows."""
        if self.uv is None:
            raise AssertionError(wanted)
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            told = {*pool.map(self.requires_python, new.keys(), new.values())}
        requires = ",".join(sorted(filter(None, told)))
        pins, index = pinning(wanted), self.address.as_first_index
        return resolve(self.uv, pins, new, index, self.folder, self.aside, requires, alone=alone)

    def resolving(self, wanted: Mapping[str, str]) -> str:
        """Return uv's own command; it has no credentials of the index."""
        index = self.download.endpoint if self.address.simple else ""
        return command(pinning(wanted), index)

    def requires_python(self, project: str, version: str) -> str:
        """Return the ``Requires-Python`` of a version, as its page says it; "" for any Python.

        A page on which all of it was seen already is not asked for again: no file changes there.
        """
        told = self._required.get((project, Version(version)))
        if told is None:
            files = self._ask(project).files or ()
            told = {one.requires_python for one in files if version_of(one) == Version(version)}
        return ",".join(sorted(filter(None, told)))

    def upload(self, files: Sequence[Path], begun: Callable[[str], None] = to_nobody) -> None:
        """Upload artifacts, with the attestations among the files; ``begun`` is told each name.

        Raises Refused or Unanswered.
        """
        if self.uv is None:
            raise AssertionError(files)
        told = self.login.told if self.login else None
        self.uv.publish(files, self.address.upload, self.folder, begun, self._uploader, told)
        self._accepted.update(package(one.name) for one in files if one.suffix != SUFFIX)

    @cached_property
    def login(self) -> Login | None:
        """What is uploaded with here, as far as that can be seen: what an upload came to counts."""
        if self.uv is None:
            return None
        try:
            known = settings_in(self.folder, self.uv.environ)
        except (OSError, Problem):
            known = {}
        try:
            return login(self.address, known, self.uv.environ, self.uv)
        except Problem:
            return None

    @property
    def is_trusted_publisher(self) -> bool:
        """Return whether uploads are a job's that the index trusts (trusted publishing)."""
        return self.login is not None and self.login.trusted

    def login_problem(self, project: str) -> Problem | None:
        """Return that the login is refused, where the index says so when it is read."""
        if self.login is None or self.uv is None:
            return None
        page, found = self.url(project), self.login
        asked = partial(refusal, self.address, page, found, self.seconds, self.uv.environ)
        try:
            status = within(PATIENCE * self.seconds, asked)
        except FAILURES:
            return None
        refused = f"{self.name} refused {masked(found.who)} ({status})"
        return Problem(refused, hint=found.hint) if status else None

    def scope_problem(self, projects: Sequence[str]) -> Problem | None:
        """Return that the login is a token for some projects alone, or for another time."""
        if self.login is None:
            return None
        words = unfit(self.login.password, projects, time.time())
        hint = (
            "make a token for all of them, with the scope of your account; or let the index trust"
            " the job that uploads (trusted publishing)"
        )
        return Problem(f"{masked(self.login.who)} {words}", hint=hint) if words else None

    def exchange_problem(self, projects: Sequence[str]) -> Problem | None:
        """Return why a job gets no token for projects, where the index says so when it is asked.

        On PyPI this makes the project of a pending publisher: it is for projects that are there.
        """
        if self.uv is None or not self.is_trusted_publisher:
            return None
        return exchange_problem(self.uv, self.address, self.folder, projects)

    def _uploader(self) -> Uploader:
        if not (found := self.login):
            return Uploader(self.name, accepted=tuple(sorted(self._accepted)))
        return Uploader(self.name, masked(found.who), found.hint, tuple(sorted(self._accepted)))

    def _look_up(self, artifacts: Sequence[Artifact]) -> dict[str, Observed]:
        """Compare files of one project with its page."""
        member = artifacts[0].member
        files = self._ask(member).files
        found = {one.filename: self._compare(files, one)[0] for one in artifacts}
        if {*found.values()} == {Observed.EXACT}:
            theirs = [one for one in files or () if one.filename in found]
            version = version_of(theirs[0])
            self._required[member, version] = {one.requires_python for one in theirs}
        return found

    def _compare(
        self, files: tuple[DistributionPackage, ...] | None, artifact: Artifact
    ) -> tuple[Observed, bool]:
        if files is None:
            return Observed.UNKNOWN, False
        if not (named := [one for one in files if one.filename == artifact.filename]):
            return Observed.ABSENT, False
        # Indexes that are made of several list a name twice: an installer may take either.
        there = min(named, key=lambda one: one.digests.get("sha256", "").lower() == artifact.sha256)
        sha256 = self._sha256(there, artifact)
        if sha256 is None:
            return Observed.UNKNOWN, there.is_yanked
        same = sha256.lower() == artifact.sha256
        return Observed.EXACT if same else Observed.FOREIGN, there.is_yanked

    def _sha256(self, there: DistributionPackage, artifact: Artifact) -> str | None:
        """Return the hash that the page says; where it says none, the one of what is served."""
        told = there.digests.get("sha256", "")
        if _SHA256.fullmatch(told):
            return told
        seconds = PATIENCE * self.seconds + artifact.size / SLOWEST
        try:
            return within(seconds, lambda: self.download.sha256(there.url, artifact.size))
        except FAILURES as error:
            self.why = reason(error)
            return None
