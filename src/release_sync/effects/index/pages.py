"""The projects' pages of an index, asked for."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import requests
from packaging.utils import canonicalize_name

from release_sync.effects.index.bounded import within
from release_sync.effects.index.download import FAILURES, Download
from release_sync.effects.index.reason import reason
from release_sync.effects.index.time_out import time_out
from release_sync.effects.index.told import Told
from release_sync.effects.world.beside import quietly
from release_sync.steps.uploading.served import Reply, Served

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.index.address import Address

PATIENCE = 3
"""How many times as long a whole page may take: a byte a second runs into no time-out."""

SIDE_BY_SIDE = 8
"""How many pages are asked for at once, whoever asks: the connections are kept, and used again."""

ACCEPT = ("application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.5, "
          "text/html;q=0.01")  # fmt: skip
"""The forms in which a page is read, the best first (PEP 691)."""

READER = "release_sync.effects.index.simple_page"
"""What reads a page. It takes a tenth of a second to import: that is done while the index answers.
"""


class Pages:
    """The pages of one index. ``why`` says why the last one that is missing was not answered."""

    def __init__(self, address: Address, environ: Mapping[str, str]) -> None:
        """Read at ``address``; nothing is asked yet."""
        self.address = address
        self.seconds = time_out(environ)
        self.download = Download(address, self.seconds, environ)
        self.why = ""
        self._turns = BoundedSemaphore(SIDE_BY_SIDE)
        quietly(partial(import_module, READER))

    def url(self, project: str) -> str:
        """Return the address of a project's page (PEP 503)."""
        return f"{self.download.endpoint.rstrip('/')}/{canonicalize_name(project)}/"

    def _ask(self, project: str) -> Told:
        """Ask for a project's page."""
        with self._turns:
            try:
                told = within(PATIENCE * self.seconds, lambda: self._page(project))
            except FAILURES as error:
                told = Told(Reply.UNKNOWN, why=reason(error))
        self.why = told.why or self.why
        return told

    def project(self, name: str) -> Served:
        """Return what the index answers about a project."""
        told = self._ask(name)
        if told.page is None:
            return Served(told.reply, why=told.why)
        from release_sync.effects.index.simple_page import served  # noqa: PLC0415 - see READER

        return served(told.page)

    def _page(self, project: str) -> Told:
        answer = self.download.page(self.url(project), ACCEPT)
        if answer.status == requests.codes.not_found:
            return Told(Reply.NOT_FOUND)
        from release_sync.effects.index.simple_page import page_of  # noqa: PLC0415 - see READER

        page = page_of(project, answer)  # of any other status than 200, nothing was read
        if page is not None:
            return Told(Reply.PAGE, page)
        ok = answer.status == requests.codes.ok
        what = "what is no project's page" if ok else str(answer.status)
        return Told(Reply.UNKNOWN, why=f"it answers {what}")
