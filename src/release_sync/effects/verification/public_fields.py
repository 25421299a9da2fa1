"""Fields of core metadata of which public indexes take less than the specification allows.

They say so when a file is uploaded, which may be behind another package's. The rules are those of
warehouse (``forklift/metadata.py``), and where it asks a library, only what is wrong for sure.
"""

from __future__ import annotations

from difflib import get_close_matches
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from release_sync.effects.verification.same_wheel import some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from packaging.metadata import RawMetadata

UNKNOWN = "unknown-classifier"
CONTACT = "invalid-contact"

NEAR = 0.85
"""From which likeness on one is taken for a slip of the pen (``difflib``); 1 is the same."""

LABEL = 32
"""How many characters the label of a URL may have."""

NOWHERE = frozenset({"arpa", "invalid", "local", "localhost", "onion", "test"})
"""Domains that are nobody's on the internet (RFC 6761)."""

NOTHING = ("", "UNKNOWN")
"""What stands for nothing: setuptools wrote such a word for years."""


def untaken(said: RawMetadata, accepts: Sequence[str]) -> Iterator[str]:
    """Yield what public indexes have against metadata, unless this index ``accepts`` it."""
    classifiers = said.get("classifiers", [])
    if classifiers and UNKNOWN not in accepts:
        yield from _classifiers(classifiers)
    if CONTACT not in accepts:
        takes = f'; `accept = ["{CONTACT}"]` says that this index takes it'
        yield from (f"{one}{takes}" for one in _contacts(said))


def _classifiers(said: Sequence[str]) -> Iterator[str]:
    """Yield those that are not in the list that is here (PEP 301); a later one may have more."""
    from trove_classifiers import classifiers, deprecated_classifiers  # noqa: PLC0415 - 4 ms

    takes = f'`accept = ["{UNKNOWN}"]` says that this index takes it'
    for one in sorted({*said} & deprecated_classifiers.keys()):
        instead = " or ".join(map(repr, deprecated_classifiers[one]))
        yield f"public indexes do not take its classifier {one!r} any more{_say(instead)}; {takes}"
    unknown = sorted({*said} - classifiers - deprecated_classifiers.keys())
    if unknown:
        near = get_close_matches(unknown[0], classifiers, 1, NEAR)
        yield (
            f"public indexes do not know its classifier {some([f'{one!r:.80}' for one in unknown])}"
            f"{_say(repr(near[0]) if near else '')}; a later trove-classifiers may, and {takes}"
        )


def _say(instead: str) -> str:
    return f": write {instead}" if instead else ""


def _contacts(said: RawMetadata) -> Iterator[str]:
    """Yield each address, of mail or of the web, that is none on the internet."""
    for field, text in (
        ("Author-email", said.get("author_email", "")),
        ("Maintainer-email", said.get("maintainer_email", "")),
    ):
        address = parseaddr(text)[1]  # of several, only the first is looked at
        if address not in NOTHING and not _is_mail(address):
            yield f"its {field} has {address!r:.80}, which public indexes take for no address"
    named = said.get("project_urls", {})
    urls = [
        ("Home-page", said.get("home_page", "")),
        ("Download-URL", said.get("download_url", "")),
    ]
    urls = [(field, url) for field, url in urls if url not in NOTHING]
    for field, url in (*urls, *((f"Project-URL {one!r:.80}", url) for one, url in named.items())):
        if not _is_web(url):
            yield f"its {field} is {url!r:.80}, which public indexes take for no URL of the web"
    for label in named:
        if not 0 < len(label) <= LABEL:
            yield (
                f"its Project-URL {label!r:.80} has a label of {len(label)} characters, and public"
                f" indexes take 1 to {LABEL}"
            )


def _is_mail(address: str) -> bool:
    """Return whether an address (RFC 5322) may lead to somebody on the internet."""
    name, at, domain = address.rpartition("@")
    _, dot, top = domain.rpartition(".")
    return bool(name and at and dot and top) and top.lower() not in NOWHERE


def _is_web(url: str) -> bool:
    """Return whether a text may be a URL of the web (RFC 3986)."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return False
    return scheme in {"http", "https"} and not any(one.isspace() for one in url)
