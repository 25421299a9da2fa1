"""Who uploads, and how it is said that an index refused that, or did not answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from release_sync.effects.secrets import indented_tail
from release_sync.errors import with_causes
from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 6
"""So many lines of an index are repeated."""

_LOGIN = frozenset({"401", "403"})
_NOT_YOURS = re.compile(r"\ballowed to upload\b")
"""What warehouse says of a login that it knows, and a project that is not its own."""

_EMPTY_WORDS = re.compile(r"Sorry, the requested URL .*|caused an error:|None")
"""What pypiserver's pages of errors say without saying anything."""

_FILE = re.compile(r"`(?:[^`]*/)?([^`/]+)` to ")
_MARKUP = re.compile(r"<(style|title|script)\b.*?</\1>|<[^<>]*>|<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who uploads where to; ``hint`` is what to see to where the index refuses the login.

    ``accepted`` are the packages that it took of the same login in the same run.
    """

    index: str = "the index"
    who: str = ""
    hint: str = "set UV_PUBLISH_TOKEN, or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD"
    accepted: tuple[str, ...] = ()

    def refused(self, status: str, failure: str) -> tuple[str, str]:
        """Return who or what was refused, in the words of the server; and what to do about it.

        ``failure`` is what uv says of the upload that failed, from the name of its file on.
        """
        file, told = file_of(failure), _server_says(status, failure)
        if status not in _LOGIN and not _NOT_YOURS.search(failure):
            message = with_causes(f"{self.index} refused {file} ({status})", told)
            return message, "see what the index says"
        sentence = f"{self.index} refused {self.who or f'the upload of {file}'} ({status})"
        known = self._known(package(file), failure)
        if not known:
            return with_causes(sentence, told), self.hint
        hint = f"see who may upload {package(file)} there, and that it is not archived"
        return "\n    ".join([f"{sentence}: {known}", *told]), hint

    def unanswered(self, status: str, failure: str) -> str:
        """Return what happened to an upload that was not answered clearly, or not at all."""
        file = file_of(failure)
        if status:
            return with_causes(
                f"{self.index} answered {status} to {file}", _server_says(status, failure)
            )
        causes = failure.partition("\n")[2] if _FILE.match(failure) else failure
        return f"the upload of {file} to {self.index} failed: {indented_tail(causes)}"

    def _known(self, member: str, failure: str) -> str:
        """Return what is known of a login that may upload some packages, and not this one."""
        others = [name for name in self.accepted if name != member]
        if others:
            return f"this login was accepted for {', '.join(others)}, and may not upload {member}"
        return f"this login may not upload {member}" if _NOT_YOURS.search(failure) else ""


def file_of(failure: str) -> str:
    """Return the name of the file that could not be uploaded."""
    found = _FILE.match(failure)
    return found[1] if found else "a file"


def package(file: str) -> str:
    """Return the normalised name of the package in the name of a wheel or an sdist."""
    try:
        if file.endswith(".whl"):
            return str(parse_wheel_filename(file)[0])
        return str(parse_sdist_filename(file)[0])
    except (InvalidWheelFilename, InvalidSdistFilename):
        return file


def _server_says(status: str, failure: str) -> Sequence[str]:
    """Return the first lines of what the server says, but for the status itself."""
    text = without_markup(failure.partition("Server says:")[2])
    lines = [line.strip() for line in split_lines(text)]
    only_status = re.compile(rf"(?:error:? )?{status}[\w ]*", re.IGNORECASE)
    told = (one for one in lines if one and not only_status.fullmatch(one))
    return [one for one in told if not _EMPTY_WORDS.fullmatch(one)][:MOST]


def without_markup(text: str) -> str:
    """Return the text of what may be a page."""
    return unescape(_MARKUP.sub("", text)) if "</" in text else text
