"""The logins in ``~/.pypirc``, which uv does not read.

Its format is the one of packaging.python.org, "The .pypirc file": sections with a repository, a
user name and a password, in the syntax of Python's ``configparser``, in UTF-8.
"""

from __future__ import annotations

import re
from configparser import (
    DuplicateOptionError,
    DuplicateSectionError,
    Error,
    MissingSectionHeaderError,
    ParsingError,
    RawConfigParser,
)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from release_sync.effects.index.address import PYPI, TESTS, Address, pypi_uploads
from release_sync.effects.index.origin import origin
from release_sync.effects.regular_file import read
from release_sync.effects.secrets import hide
from release_sync.errors import Problem
from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = ".pypirc"
KEYS = ("repository", "username", "password")
WITH_TOKEN = "__token__"  # noqa: S105 - the user of who comes with a token


@dataclass(frozen=True, slots=True)
class Entry:
    """A user, and the password."""

    username: str
    password: str = field(repr=False)


def entry(address: Address, user: str, file: Path) -> Entry | None:
    """Return what the file has for where uploads go; None for nothing, or for another ``user``.

    A repository is known by its address; ``pypi`` and ``testpypi`` need none. The password is
    masked from now on wherever something is shown. Raises Problem for a file that can't be read,
    with the line, and without what stands there.
    """
    for repository, one in _entries(file):
        if _leads_to(repository, address.uploads_to) and user in {"", one.username}:
            hide(one.password, f"~/{NAME}")
            return one
    return None


def _entries(file: Path) -> Iterator[tuple[str, Entry]]:
    parser = _parsed(file)
    named = parser.get("distutils", "index-servers", fallback="")
    listed = [name for line in split_lines(named) for name in _BLANKS.split(line) if name]
    for section in listed or parser.sections():
        if not parser.has_section(section):
            continue
        known = {PYPI: pypi_uploads(), TESTS: pypi_uploads(tests=True)}.get(section, "")
        repository = parser.get(section, "repository", fallback="") or known
        username = parser.get(section, "username", fallback="") or (WITH_TOKEN if known else "")
        password = parser.get(section, "password", fallback="")
        for key, value in zip(KEYS, (repository, username, password), strict=True):
            if any(sign < " " for sign in value):  # the next line was taken for more of this one
                why = f"the {key} in [{section}] has several lines, or a control character"
                raise Problem(f"{file}: {why}", hint=f"begin each key at the left; or {_SET}")
        if repository and username and password:
            yield repository, Entry(username, password)


def _parsed(file: Path) -> RawConfigParser:
    parser = RawConfigParser()
    try:
        parser.read_string(read(file).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return parser
    except OSError as error:
        raise Problem(f"{file} can't be read: {error.strerror}", hint=_MEND) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Problem(f"{file}:{line}: not in UTF-8", hint=_MEND) from None
    except Error as error:
        # What the error says has the line itself, and with it perhaps a password.
        where, why = _where(error)
        raise Problem(f"{file}{where}: {why}", hint=_MEND) from None
    return parser


_SET = "set UV_PUBLISH_TOKEN, or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD"
_MEND = f"correct it; or {_SET}"
_BLANKS = re.compile(r"[ \t]+")


def _where(error: Error) -> tuple[str, str]:
    """Return the line of what can't be parsed, and why it can't, without anything of it."""
    match error:
        case MissingSectionHeaderError():
            return f":{error.lineno}", "a line that is in no section"
        case ParsingError():
            return f":{error.errors[0][0]}", "a line that is no `key = value`"
        case DuplicateSectionError() | DuplicateOptionError():
            kind = "section" if isinstance(error, DuplicateSectionError) else "key"
            return f":{error.lineno}", f"a {kind} that is there before"
        case _:
            return "", "it can't be parsed"


def _leads_to(url: str, where: str) -> bool:
    """Return whether two URLs are of the same place, however they are spelled."""
    try:
        same = origin(url) == origin(where)
    except ValueError:  # a port that is none
        return False
    return same and urlsplit(url).path.rstrip("/") == urlsplit(where).path.rstrip("/")
