"""A project's page on a package index (PEP 503, PEP 691), validated, with what it lists."""

from __future__ import annotations

import json
import re
from textwrap import shorten
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name
from pypi_simple import DistributionPackage, ProjectPage, ProjectStatus
from pypi_simple.html_stream import LinkParser, iterhtmldecode

from release_sync.effects.index.bounded import go_on
from release_sync.effects.index.told import parsed, version_of
from release_sync.steps.uploading.served import Reply, Served

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from packaging.version import Version
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

LONGEST_REASON = 200
"""The most characters of a reason (PEP 592, PEP 792) that are repeated."""

HEAD = 4096
"""The bytes at the start of an HTML page in which it says what it is."""

_REPOSITORY_VERSION = re.compile(rb"<meta\s[^>]*[\"']?pypi:repository-version\b", re.IGNORECASE)
_LINKS_FOR = re.compile(
    rb"<(?:title|h1)\b[^>]*>[^<]*\blinks\s+for\s+([a-z0-9._-]+)\s*</", re.IGNORECASE
)
"""How warehouse, bandersnatch, devpi, pulp, Artifactory and pypiserver head a page."""


def page_of(project: str, answer: Answer) -> ProjectPage | None:
    """Return the page of a project, with the files that it lists; None for what is no such page.

    A maintenance page, a login page, a page that was cut off and the page of another project are
    answered with status 200, too.
    """
    try:
        if answer.content_type == JSON:
            return _page_of_json(project, answer)
        return _page_of_html(project, answer) if answer.content_type in HTML else None
    except Exception:  # noqa: BLE001 - a stranger's bytes: whatever a parser makes of them, no page
        return None


def served(page: ProjectPage) -> Served:
    """Return what a page lists: each version with its files, and those that have none."""
    files: dict[Version, list[str]] = {}
    for file in page.packages:
        version = version_of(file)
        if version is not None:
            files.setdefault(version, []).append(file.filename)
    named = {version for text in page.versions or () if (version := parsed(text)) is not None}
    return Served(
        Reply.PAGE,
        tuple(str(version) for version in sorted(files)),
        files={str(version): tuple(sorted(files[version])) for version in sorted(files)},
        yanked={one.filename: _short(one.yanked_reason) for one in page.packages if one.is_yanked},
        empty=tuple(str(version) for version in sorted(named - files.keys())),
        status=str(page.status or ""),
        reason=_short(page.status_reason),
    )


def _short(reason: str | None) -> str:
    return shorten(reason or "", LONGEST_REASON, placeholder=" …")


def _page_of_json(project: str, answer: Answer) -> ProjectPage | None:
    if sum(map(answer.content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        return None
    data = json.loads(answer.content)
    data["files"] = [one for one in data["files"] if len(one["filename"]) <= LONGEST_NAME]
    # The library takes a page with a status that it does not know for none.
    data["project-status"] = _known(data.get("project-status"))
    page = ProjectPage.from_json_data(data, answer.url)
    return page if _same_name(page.project, project) else None


def _known(status: object) -> dict[str, str]:
    """Return what a page says of its project's status (PEP 792), where that is one we know."""
    told = status if isinstance(status, dict) else {}
    if told.get("status") not in [one.value for one in ProjectStatus]:
        return {}
    return {key: told[key] for key in ("status", "reason") if isinstance(told.get(key), str)}


def _page_of_html(project: str, answer: Answer) -> ProjectPage | None:
    """Return an HTML page: it lists a file of this project, or says that it has none."""
    if b"<html" in answer.content[:HEAD].lower() and b"</html" not in answer.content.lower():
        return None  # cut off, without a length to tell it by
    links, files, parser = 0, [], _PageParser(answer.url)
    for link in _links(answer, parser):
        links += 1
        if _names_a_file(link):
            files.append(DistributionPackage.from_link(link, project))
        if links > MOST_FILES:
            return None
    if any(_belongs(file, project) for file in files) or (
        not links and _is_empty_page(project, answer)
    ):
        told = _known(parser.status)
        return ProjectPage(
            project=project,
            packages=files,
            repository_version=None,
            last_serial=None,
            status=ProjectStatus(told["status"]) if told else None,
            status_reason=told.get("reason"),
        )
    return None


class _PageParser(LinkParser):
    """Collects, beside the links, what the page says of its project (PEP 792)."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.status: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag."""
        super().handle_starttag(tag, attrs)
        if tag == "meta":
            told = {name: value or "" for name, value in attrs}
            key = _STATUS.get(told.get("name", ""), "")
            self.status[key] = told.get("content", "")


_STATUS = {"pypi:project-status": "status", "pypi:project-status-reason": "reason"}


def _links(answer: Answer, parser: LinkParser) -> Iterator[Link]:
    """Parse the links, as ``parse_links_stream`` does, and with bounds.

    Raises ValueError beyond them, TimeoutError when nobody waits any more.
    """
    content = answer.content
    pieces = (content[start : start + PIECE] for start in range(0, len(content), PIECE))
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
