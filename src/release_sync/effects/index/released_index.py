"""The index that a release went to, asked for its files afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from release_sync.effects.index.bounded import within
from release_sync.effects.index.download import FAILURES
from release_sync.effects.index.package_index import SLOWEST, PackageIndex
from release_sync.effects.index.pages import PATIENCE
from release_sync.effects.index.reason import reason
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from release_sync.seals.artifact import Artifact


class ReleasedIndex(PackageIndex):
    """An index that has served a release before, and its files."""

    def look_up_released(self, artifacts: Sequence[Artifact]) -> list[tuple[Observed, bool, str]]:
        """Look up what was released here of one project: also whether it is yanked (PEP 592).

        The last one is the URL of its provenance (PEP 740), if it has one. Of a project that the
        index has served before, a 404 proves nothing: ``UNKNOWN``.
        """
        told = self._ask(artifacts[0].member)
        if told.reply is Reply.NOT_FOUND:
            self.why = "it answers 404"
            return [(Observed.UNKNOWN, False, "")] * len(artifacts)
        provenance = {one.filename: one.provenance_url or "" for one in told.files or ()}
        return [
            (*self._compare(told.files, one), provenance.get(one.filename, "")) for one in artifacts
        ]

    def page(self, url: str, accept: str) -> tuple[bytes, str]:
        """Return what is at a URL that a page names, or why there is nothing."""
        try:
            answer = within(PATIENCE * self.seconds, lambda: self.download.page(url, accept))
        except FAILURES as error:
            return b"", reason(error)
        ok = answer.status == requests.codes.ok
        return answer.content, "" if ok else f"it answers {answer.status}"

    def fetch(self, artifact: Artifact, target: Path, most: int) -> str:
        """Write what is served under an artifact's name to a file; return why not, if so."""
        files = self._ask(artifact.member).files
        there = next((one for one in files or () if one.filename == artifact.filename), None)
        if there is None:
            return "the index does not list it" if files is not None else self.why
        seconds = PATIENCE * self.seconds + most / SLOWEST
        try:
            within(seconds, lambda: self.download.save(there.url, target, most))
        except FAILURES as error:
            return reason(error)
        return ""
