"""The entry of a version in a changelog."""

from __future__ import annotations

import pytest

from release_sync.changelog.entry import entry, is_empty, unreleased
from release_sync.changelog.headings import parsed

MARKDOWN = """\
# Changelog

## [Unreleased]

## [1.3.0] - 2026-11-24

### Added

- Lanes.

## v1.2.0

[1.3.0]: https://github.com/o/r/compare/v1.2.0...v1.3.0
"""
RST = """\
acme 1.3.0 (2026-11-24)
=======================

Features
--------

- Lanes.

acme 1.2.0 (2026-01-02)
=======================

Nothing.
"""


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        (MARKDOWN, "1.3.0", "### Added\n\n- Lanes."),
        (MARKDOWN, "1.3", "### Added\n\n- Lanes."),
        (MARKDOWN, "1.2.0", ""),
        (MARKDOWN, "1.1.0", None),
        (MARKDOWN.replace("\n", "\r\n"), "1.3.0", "### Added\r\n\r\n- Lanes."),
        (RST, "1.3.0", "Features\n--------\n\n- Lanes."),
        (RST, "1.2.0", "Nothing."),
        ("", "1.2.0", None),
    ],
)
def test_what_is_said_of_a_version(text: str, version: str, expected: str | None) -> None:
    assert entry(text, version) == expected


def test_what_is_said_of_the_next_release() -> None:
    assert unreleased("## Unreleased\n\n- Lanes.\n") == "- Lanes."
    assert unreleased(MARKDOWN) == ""
    assert unreleased(RST) is None


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("", True),
        ("### Added\n\n<!-- what is new -->\n\n### Fixed\n", True),
        ("### Added\n\n- Lanes.\n\n### Fixed\n", False),
        ("- Lanes.\n\n### Fixed\n", False),
        ("### Fixed\n\n- Holes.\n", False),
        ("[x]: y\nText.\n", False),
        ("[x]: y\n", True),
    ],
)
def test_headings_comments_and_links_say_nothing(below: str, *, expected: bool) -> None:
    text = f"# News\n\nHello.\n\n## Unreleased\n\n{below}\n## 1.0\n\n- Roads.\n"
    changelog = parsed(text)
    assert changelog.unreleased is not None
    assert is_empty(changelog, changelog.unreleased) is expected


def test_links_that_are_used_are_said_too() -> None:
    text = (
        "## Unreleased\n\n- Lanes ([#7], [the map][map], [x], `[y]: z`).\n\n## 1.0\n\n- [#1]\n\n"
        "[#1]: https://h/1\n[#7]: https://h/7\n[Map]: https://h/map\n[unreleased]: https://h/x\n"
    )
    said = (
        "- Lanes ([#7], [the map][map], [x], `[y]: z`).\n\n[#7]: https://h/7\n[Map]: https://h/map"
    )
    assert unreleased(text) == said
    assert entry(text, "1.0") == "- [#1]\n\n[#1]: https://h/1"
    assert entry(text.replace("\n", "\r\n"), "1.0") == "- [#1]\r\n\r\n[#1]: https://h/1"
