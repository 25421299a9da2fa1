"""The ways in which an index misbehaves. The n-th upload is counted from 0; each is one file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.fakes.misbehaving_index import behave_well, hang

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.misbehaving_index import Ask, Behaviour, Exchange

SECOND_PACKAGE = 2
"""The number of the first upload of the second package."""


def upload(number: int, misbehave: Behaviour) -> Behaviour:
    """Misbehave at one upload only."""
    return _when(lambda one: one.is_upload and one.uploads == number, misbehave)


def uploads(first: int, misbehave: Behaviour) -> Behaviour:
    """Misbehave at every upload from the given one on."""
    return _when(lambda one: one.is_upload and one.uploads >= first, misbehave)


def pages_after_uploads(misbehave: Behaviour, count: int = 1) -> Behaviour:
    """Misbehave when asked for a page, once so many uploads were asked for."""
    return _when(lambda one: one.is_page and one.uploads >= count, misbehave)


def pages_until_an_upload(misbehave: Behaviour, count: int) -> Behaviour:
    """Misbehave when asked for a page, until more than so many uploads were asked for."""
    return _when(lambda one: one.is_page and one.uploads <= count, misbehave)


def pages(misbehave: Behaviour) -> Behaviour:
    """Misbehave whenever asked for a page."""
    return _when(lambda one: one.is_page, misbehave)


def files_late(seconds: float) -> Behaviour:
    """Have no file for installers until some seconds after the last upload; the pages list all."""
    return _when(
        lambda one: not one.is_upload and not one.is_page and 0 < one.since_upload < seconds,
        says(404),
    )


def both(first: Behaviour, second: Behaviour) -> Behaviour:
    """Misbehave in two ways, the first around the second."""

    def behave(exchange: Exchange, ask: Ask) -> Exchange | None:
        return first(exchange, lambda one: second(one, ask) or one.answer(502))

    return behave


def says(status: int, text: str = "", *, after_storing: bool = False, **headers: str) -> Behaviour:
    """Answer with a status, with or without having stored the file."""

    def behave(exchange: Exchange, ask: Ask) -> Exchange:
        if after_storing:
            ask(exchange)
        return exchange.answer(status, text.encode(), **headers)

    return behave


def stores_and_hangs(exchange: Exchange, ask: Ask) -> Exchange:
    """Store the file, and answer when nobody listens any more."""
    answer = ask(exchange)
    hang()
    return answer


def hangs(_exchange: Exchange, _ask: Ask) -> None:
    """Never answer, and store nothing."""
    hang()


def stores_and_hangs_up(exchange: Exchange, ask: Ask) -> None:
    """Store the file, and close the connection."""
    ask(exchange)


def has_a_strangers_file(exchange: Exchange, ask: Ask) -> Exchange:
    """Take another file under that name from somebody else, and refuse this one as PyPI does."""
    end, other = b"PK\x05\x06", b"PK\x05\x07"
    ask(exchange.with_body(exchange.body.replace(end, other)))
    return exchange.answer(400, b"File already exists. See /help/#file-name-reuse for more.")


def serves_late(seconds: float) -> Behaviour:
    """Serve what was uploaded only some seconds after the last upload."""

    def behave(exchange: Exchange, ask: Ask) -> Exchange:
        if 0 < exchange.since_upload < seconds:
            return exchange.answer(404)
        return ask(exchange)

    return pages(behave)


def serves_a_wrong_hash(exchange: Exchange, ask: Ask) -> Exchange:
    """Turn round every hash on a page."""
    answer = ask(exchange)
    return answer.with_content(_HASH.sub(lambda found: found[0][::-1], answer.content))


_HASH = re.compile(rb"(?<=#sha256=)[0-9a-f]{64}")
EMPTY_PAGE = (
    '<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head>'
    "<body></body></html>"
)
MAINTENANCE_PAGE = (
    "<!DOCTYPE html><html><head><title>Down for maintenance</title></head>"
    '<body><p>Down for maintenance: <a href="/status">status</a></p></body></html>'
)
LOGIN_PAGE = "<html><body><form><input type=password name=p></form></body></html>"
HTML = "text/html"
JSON = "application/vnd.pypi.simple.v1+json"

empty_page = says(200, EMPTY_PAGE, Content_Type=HTML)
nothing_at_all = says(200, Content_Type=HTML)
maintenance = says(200, MAINTENANCE_PAGE, Content_Type=HTML)
not_found = says(404)
login_page = says(200, LOGIN_PAGE, Content_Type=HTML)


def project(name: str, *, more: Mapping[str, object], files: Mapping[str, str | bool]) -> Behaviour:
    """Answer about a project with a page of JSON, whose files are yanked for a reason, or not."""
    page = {
        "meta": {"api-version": "1.4"},
        "name": name,
        "files": [{"filename": file, "url": f"/packages/{file}", "hashes": {}, "yanked": yanked}
                  for file, yanked in files.items()],
        **more,
    }  # fmt: skip
    answer = says(200, json.dumps(page), Content_Type=JSON)
    return _when(lambda one: one.is_page and f"/{name}/" in one.path, answer)


broken_json = says(200, '{"meta": {"api-version": "1.1"', Content_Type=JSON)


def _when(matches: Callable[[Exchange], bool], misbehave: Behaviour) -> Behaviour:
    def behave(exchange: Exchange, ask: Ask) -> Exchange | None:
        return (misbehave if matches(exchange) else behave_well)(exchange, ask)

    return behave
