"""A project's page on a package index (PEP 503, PEP 691), validated, with the files it lists."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name
from packaging.version import Version
from pypi_simple import DistributionPackage, ProjectPage
from pypi_simple.html_stream import LinkParser, iterhtmldecode

from release_sync.effects.index.bounded import go_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypi_simple import Link

    from release_sync.effects.index.download import Answer

JSON = "application/vnd.pypi.simple.v1+json"
HTML = frozenset({"application/vnd.pypi.simple.v1+html", "text/html"})

LONGEST_NAME = 255
"""The bytes in a file's name (NAME_MAX). The library matches names by patterns that backtrack: one
of ten thousand hyphens would take hours."""

MOST_FILES = 100_000
"""The files on a page; ten times as many as any project has."""

MOST_VALUES = 20 * MOST_FILES
"""The values in a page of JSON. Three bytes of it can become an object of 200."""

PIECE = 4096
"""The bytes of HTML that are parsed at once."""

LONGEST_TAG = 1 << 16
"""The most of it that the parser may keep unparsed, for it would parse that again and again."""

DEEPEST = 10
"""The links in links: what stands in the innermost is the text of all."""

HEAD = 4096
"""The bytes at the start of an HTML page in which it says what it is."""

_REPOSITORY_VERSION = re.compile(rb"<meta\s[^>]*[\"']?pypi:repository-version\b", re.IGNORECASE)
_LINKS_FOR = re.compile(
    rb"<(?:title|h1)\b[^>]*>[^<]*\blinks\s+for\s+([a-z0-9._-]+)\s*</", re.IGNORECASE
)
"""How warehouse, bandersnatch, devpi, pulp, Artifactory and pypiserver head a page."""


def files_of(project: str, answer: Answer) -> tuple[DistributionPackage, ...] | None:
    """Return the files that a project's page lists; None for what is no such page.

    A maintenance page, a login page, a page that was cut off and the page of another project are
    answered with status 200, too.
    """
    try:
        if answer.content_type == JSON:
            return _files_of_json(project, answer)
        return _files_of_html(project, answer) if answer.content_type in HTML else None
    except Exception:  # noqa: BLE001 - a stranger's bytes: whatever a parser makes of them, no page
        return None


def version_of(file: DistributionPackage) -> Version | None:
    """Return the version in a file's name; None for a name without one."""
    try:
        return Version(file.version or "")
    except ValueError:  # InvalidVersion, or more digits than Python makes a number of
        return None


def _files_of_json(project: str, answer: Answer) -> tuple[DistributionPackage, ...] | None:
    if sum(map(answer.content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        return None
    data = json.loads(answer.content)
    data["files"] = [one for one in data["files"] if len(one["filename"]) <= LONGEST_NAME]
    page = ProjectPage.from_json_data(data, answer.url)
    return tuple(page.packages) if _same_name(page.project, project) else None


def _files_of_html(project: str, answer: Answer) -> tuple[DistributionPackage, ...] | None:
    """Return the files of an HTML page: it lists one of this project, or says that it has none."""
    if b"<html" in answer.content[:HEAD].lower() and b"</html" not in answer.content.lower():
        return None  # cut off, without a length to tell it by
    links, files = 0, []
    for link in _links(answer):
        links += 1
        if _names_a_file(link):
            files.append(DistributionPackage.from_link(link, project))
        if links > MOST_FILES:
            return None
    if any(_belongs(file, project) for file in files):
        return tuple(files)
    return () if not links and _is_empty_page(project, answer) else None


def _links(answer: Answer) -> Iterator[Link]:
    """Parse the links, as ``parse_links_stream`` does, and with bounds.

    Raises ValueError beyond them, TimeoutError when nobody waits any more.
    """
    content = answer.content
    pieces = (content[start : start + PIECE] for start in range(0, len(content), PIECE))
    parser = LinkParser(answer.url)
    for text in iterhtmldecode(pieces, answer.charset):
        go_on()
        parser.feed(text)
        if (
            len(parser.rawdata) > LONGEST_TAG
            or len(parser.link_tag_stack) > DEEPEST
            or len(parser.tag_stack) > MOST_FILES
        ):
            raise ValueError("no page is like this")
        yield from parser.fetch_links()
    parser.close()
    yield from parser.fetch_links()


def _names_a_file(link: Link) -> bool:
    """Return whether a link's text is the last component of its path, as PEP 503 wants it."""
    name = unquote(urlsplit(link.url).path).rpartition("/")[2]
    return link.text == name and 0 < len(name) <= LONGEST_NAME


def _belongs(file: DistributionPackage, project: str) -> bool:
    """Return whether a file is one of the project's: ``kit-extra-1.0.tar.gz`` is not of ``kit``."""
    return _same_name(file.project or "", project) and version_of(file) is not None


def _is_empty_page(project: str, answer: Answer) -> bool:
    """Return whether a page without links says that it is this project's."""
    head = answer.content[:HEAD]
    if names := _LINKS_FOR.findall(head):
        return all(_same_name(name.decode("ascii"), project) for name in names)
    return bool(_REPOSITORY_VERSION.search(head)) and _same_name(_last(answer.url), project)


def _last(url: str) -> str:
    """Return the last component of a page's path: where a redirect has led to."""
    parts: Sequence[str] = [part for part in urlsplit(url).path.split("/") if part]
    return next((part for part in reversed(parts) if not part.startswith("index.")), "")


def _same_name(one: str, other: str) -> bool:
    return canonicalize_name(one) == canonicalize_name(other)
