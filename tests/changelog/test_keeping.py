"""The edits of a changelog for a release: the form of what is there, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.properties.profile import EXAMPLES

from release_sync.changelog.entry import entry, section, unreleased
from release_sync.changelog.headings import REFERENCE, parsed
from release_sync.changelog.keeping import inserted, released, spliced
from release_sync.changelog.prose import lines
from release_sync.changelog.titles import Coming

DASH = "\N{EN DASH}"
NEXT = Coming("1.3.0", "v1.3.0", "2026-11-24")
KEPT = """\
# Changelog

## [Unreleased]

### Added

- Lanes.

## [1.2.0] - 2026-01-02

- Roads.

[unreleased]: https://github.com/o/r/compare/v1.2.0...HEAD
[1.2.0]: https://github.com/o/r/compare/v1.1.0...v1.2.0
"""


def made(text: str) -> str:
    return spliced(text, released(text, NEXT))


def test_the_file_of_the_documentation() -> None:
    assert (
        made(KEPT)
        == """\
# Changelog

## [Unreleased]

## [1.3.0] - 2026-11-24

### Added

- Lanes.

## [1.2.0] - 2026-01-02

- Roads.

[unreleased]: https://github.com/o/r/compare/v1.3.0...HEAD
[1.3.0]: https://github.com/o/r/compare/v1.2.0...v1.3.0
[1.2.0]: https://github.com/o/r/compare/v1.1.0...v1.2.0
"""
    )


@pytest.mark.parametrize(
    ("unreleased", "last", "expected"),
    [
        ("## Unreleased", "## 1.2.0 (2026-01-02)", "## 1.3.0 (2026-11-24)"),
        ("## [Unreleased]", "## [v1.2.0] - 2026-01-02", "## [v1.3.0] - 2026-11-24"),
        ("## [Unreleased]", "## [1.2.0] - 2026-01-02 [YANKED]", "## [1.3.0] - 2026-11-24"),
        ("## [Unreleased]", f"## [1.2.0] {DASH} 2026-01-02", f"## [1.3.0] {DASH} 2026-11-24"),
        ("## UNRELEASED ##", "## 1.2.0", "## 1.3.0"),
        ("### [Unreleased]", "### [1.2.0] - 2026-01-02", "### [1.3.0] - 2026-11-24"),
        ("## [Unreleased]", "## [1.2.0] - 2 January 2026", "## [1.3.0] - 24 November 2026"),
        ("## [Unreleased]", "", "## [1.3.0] - 2026-11-24"),
        ("## Unreleased", "", "## 1.3.0 - 2026-11-24"),
        (
            "## [Unreleased](https://h/compare/v1.2.0...next)",
            "## [1.2.0](https://h/tag/v1.2.0) (2026-01-02)",
            "## [1.3.0](https://h/compare/v1.2.0...v1.3.0) (2026-11-24)",
        ),
        ("## Unreleased", "## 1.2.0 of 2026-01-02", "## 1.3.0 - 2026-11-24"),
        ("## [Unreleased](https://h/tree/main)", "## [1.2.0](https://h/x) - 2026-01-02",
         "## [1.3.0](https://h/x) - 2026-11-24"),
        ("## Unreleased", "## [1.2.0](https://h/1.2.0) - 2026-01-02",
         "## [1.3.0](https://h/v1.3.0) - 2026-11-24"),
        ("Unreleased\n----------", "1.2.0 (2026-01-02)\n------------------",
         "1.3.0 (2026-11-24)\n------------------"),
        ("## Unreleased: next", "## 12 May 2026: acme 1.2.0", "## 24 November 2026: acme 1.3.0"),
        ("## Unreleased", "## 2026-01-02, v1.2.0", "## 2026-11-24, v1.3.0"),
        ("## Unreleased", "## 1.2.0 (6th December, 2025)", "## 1.3.0 (24th November, 2026)"),
        ("## Unreleased", "## 1.2.0 - Jan 2, 2026", "## 1.3.0 - Nov 24, 2026"),
        ("## Unreleased", "## 1.2.0 (2026/01/02)", "## 1.3.0 (2026/11/24)"),
        ("## Unreleased", "## 1.2.0 - spring 2026", "## 1.3.0 - 2026-11-24"),
        ("## Unreleased", "## 2026.01.02: 1.2.0", "## 2026.11.24: 1.3.0"),
        ("## Unreleased", "## **1.2.0**", "## **1.3.0**"),
        ("## Unreleased", "## **1.2.0 - 2026-01-02**", "## **1.3.0 - 2026-11-24**"),
        ("## Unreleased", "## 2 Unclear 2026: 1.2.0", "## 1.3.0 - 2026-11-24"),
        ("## Unreleased", "## Version 1.2.0/0.5b0 (2026-01-02)", "## Version 1.3.0 (2026-11-24)"),
        ("## Unreleased", "## **1.2.0** (2026-01-02)", "## **1.3.0** (2026-11-24)"),
        ("## [Unreleased][unreleased]", "## [1.2.0][1.2.0] - 2026-01-02",
         "## [1.3.0][1.3.0] - 2026-11-24"),
        ("## [Unreleased]", "## [acme 1.2.0] - 2026-01-02", "## [acme 1.3.0] - 2026-11-24"),
        ("Unreleased\n----------", "`Acme [1.2.0] - 2026-01-02 <https://h/v1.2.0>`_\n----",
         f"`Acme [1.3.0] - 2026-11-24 <https://h/v1.3.0>`_\n{'-' * 47}"),
        (
            "## [Unreleased](https://g.com/o/r/compare/v1.2.0...main)",
            "## [1.2.0](https://g.com/o/r/compare/v1.1.0...v1.2.0) (2026-01-02)",
            "## [1.3.0](https://g.com/o/r/compare/v1.2.0...v1.3.0) (2026-11-24)",
        ),
    ],
)  # fmt: skip
def test_the_new_heading_has_the_form_of_the_last_one(
    unreleased: str, last: str, expected: str
) -> None:
    text = f"# Changelog\n\n{unreleased}\n\n- Lanes.\n\n{last}\n\n- Roads.\n"
    above = unreleased.replace("v1.2.0", "v1.3.0")
    assert made(text) == text.replace(unreleased, f"{above}\n\n{expected}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "[Unreleased]: https://gitlab.com/g/p/-/compare/v1.2.0...main\n[1.2.0]: x\n",
            (
                "[Unreleased]: https://gitlab.com/g/p/-/compare/v1.3.0...main\n"
                "[1.3.0]: https://gitlab.com/g/p/-/compare/v1.2.0...v1.3.0\n[1.2.0]: x\n"
            ),
        ),
        (
            "[unreleased]: https://bitbucket.org/o/r/branches/compare/HEAD..v1.2.0\n",
            (
                "[unreleased]: https://bitbucket.org/o/r/branches/compare/HEAD..v1.3.0\n"
                "[1.3.0]: https://bitbucket.org/o/r/branches/compare/v1.3.0..v1.2.0\n"
            ),
        ),
        (
            "[1.2.0]: https://github.com/o/r/releases/tag/v1.2.0\n",
            (
                "[1.3.0]: https://github.com/o/r/releases/tag/v1.3.0\n"
                "[1.2.0]: https://github.com/o/r/releases/tag/v1.2.0\n"
            ),
        ),
        (
            "[v1.2.0]: https://github.com/o/r/compare/v1.1.0...v1.2.0",
            (
                "[v1.3.0]: https://github.com/o/r/compare/v1.2.0...v1.3.0\n"
                "[v1.2.0]: https://github.com/o/r/compare/v1.1.0...v1.2.0"
            ),
        ),
        ("[unreleased]: https://github.com/o/r/tree/main\n",) * 2,
        ("[1.2.0]: https://github.com/o/r/issues\n",) * 2,
        ("[v1.3.0]: x\n[1.2.0]: https://h/1.2.0\n",) * 2,
        ("[1.3.0]: x\n[1.2.0]: https://h/1.2.0\n",) * 2,
        (
            " [Unreleased]:  <https://h/compare/1.2.0...HEAD>",
            (
                " [Unreleased]:  <https://h/compare/v1.3.0...HEAD>\n"
                " [1.3.0]:  <https://h/compare/1.2.0...v1.3.0>"
            ),
        ),
        ("[other]: https://github.com/o/r/compare/v1.2.0...HEAD\n",) * 2,
        (
            '[unreleased]: https://h/compare/v1.1.0...HEAD "what comes"\n[1.2.0]: x "y"\n',
            (
                '[unreleased]: https://h/compare/v1.3.0...HEAD "what comes"\n'
                '[1.3.0]: https://h/compare/v1.1.0...v1.3.0\n[1.2.0]: x "y"\n'
            ),
        ),
    ],
)
def test_links_keep_the_form_that_is_there(before: str, after: str) -> None:
    head = "## [Unreleased]\n\n## [1.2.0] - 2026-01-02\n\n"
    new = "## [Unreleased]\n\n## [1.3.0] - 2026-11-24\n\n## [1.2.0] - 2026-01-02\n\n"
    assert made(f"{head}{before}") == f"{new}{after}"


def test_a_link_is_called_as_the_heading_has_it() -> None:
    head = "## [Unreleased]\n\n## [acme-v1.2.0]\n\n"
    link = "[unreleased]: https://h/compare/acme-v1.2.0...HEAD\n"
    assert spliced(
        f"{head}{link}", released(f"{head}{link}", NEXT._replace(tag="acme-v1.3.0"))
    ) == (
        "## [Unreleased]\n\n## [acme-v1.3.0]\n\n## [acme-v1.2.0]\n\n"
        "[unreleased]: https://h/compare/acme-v1.3.0...HEAD\n"
        "[acme-v1.3.0]: https://h/compare/acme-v1.2.0...acme-v1.3.0\n"
    )


def test_a_title_between_two_lines_keeps_both() -> None:
    text = "==========\nUnreleased\n==========\n\n- Lanes.\n\n=====\n1.2.0\n=====\n"
    assert made(text) == text.replace("\n\n- L", "\n\n=====\n1.3.0\n=====\n\n- L")
    old = text.partition("- Lanes.\n\n")[2]
    assert spliced(old, inserted(old, NEXT, "- Lanes.")) == (
        f"=====\n1.3.0\n=====\n\n- Lanes.\n\n{old}"
    )
    assert spliced("News\n====\n", inserted("News\n====\n", NEXT, "- Lanes.")) == (
        "News\n====\n\n1.3.0 - 2026-11-24\n------------------\n\n- Lanes.\n"
    )


def test_what_is_in_code_or_in_a_comment_is_no_heading() -> None:
    text = "```\n## Unreleased\n```\n<!--\n## Unreleased\n-->\n<!-- x -->\n~~~~\n## Unreleased\n"
    assert released(text, NEXT) == ()


def test_a_section_that_is_there_is_left_alone() -> None:
    once = made(KEPT)
    assert made(once) == once
    assert inserted(once, NEXT, "- Lanes.") == ()


def test_a_file_that_ends_at_the_heading() -> None:
    for end in ("", "\n"):
        assert made(f"## [Unreleased]{end}") == f"## [Unreleased]\n\n## [1.3.0] - 2026-11-24{end}"


def test_a_section_is_inserted_above_the_last_one() -> None:
    text = KEPT.replace("## [Unreleased]\n\n### Added\n\n- Lanes.\n\n", "").replace("\n", "\r\n")
    after = spliced(text, inserted(text, NEXT, "- Lanes.\n- Bridges."))
    assert (
        after
        == """\
# Changelog

## [1.3.0] - 2026-11-24

- Lanes.
- Bridges.

## [1.2.0] - 2026-01-02

- Roads.

[unreleased]: https://github.com/o/r/compare/v1.3.0...HEAD
[1.3.0]: https://github.com/o/r/compare/v1.2.0...v1.3.0
[1.2.0]: https://github.com/o/r/compare/v1.1.0...v1.2.0
""".replace("\n", "\r\n")
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "# Changelog\n\n## 1.3.0 - 2026-11-24\n\n- Lanes.\n"),
        ("# News\n", "# News\n\n## 1.3.0 - 2026-11-24\n\n- Lanes.\n"),
        ("# News", "# News\n\n## 1.3.0 - 2026-11-24\n\n- Lanes.\n"),
        ("# News\n\n", "# News\n\n## 1.3.0 - 2026-11-24\n\n- Lanes.\n"),
        ("# News\n\n[x]: y\n", "# News\n\n## 1.3.0 - 2026-11-24\n\n- Lanes.\n\n[x]: y\n"),
    ],
)
def test_the_first_section_comes_last(before: str, after: str) -> None:
    assert spliced(before, inserted(before, NEXT, "- Lanes.")) == after


NEWLINES = ("\n", "\r\n", "\r")
LINES = """\
- Lanes.
### Added
## [1.2.0] - 2026-01-02
### 1.2.0
## 1.1.0
# Changelog
1.2.0 (2026-01-02)
-----
===
```
~~~
<!--
-->
<!-- x -->
text
[1.2.0]: x
[1.2.0]: https://h/o/r/compare/v1.1.0...v1.2.0
[other]: https://h/x
[unreleased]: https://h/o/r/compare/v1.2.0...HEAD
[Unreleased]: <https://h/o/r/tree/main>
## Unreleased
## [Unreleased] ##
    ## [Unreleased]
Unreleased
"""
ODD = st.sampled_from([*LINES.split("\n"), " ", "\u2028 \x0b \x85", "\udcff"])


def prose(text: str | None) -> list[str]:
    """Return what is said, without the links that may stand between it."""
    assert text is not None
    return [one.text for one in lines(text) if one.text.strip() and not REFERENCE.match(one.text)]


@st.composite
def changelogs(draw: st.DrawFn) -> str:
    """Make a file of lines that mean something somewhere, with any endings, in any order."""
    every = draw(st.lists(st.tuples(ODD, st.sampled_from(NEWLINES)), max_size=14))
    last = draw(st.sampled_from(("", "- The end.")))
    bom = draw(st.sampled_from(("", "\ufeff")))
    return bom + "".join(f"{line}{ending}" for line, ending in every) + last


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=changelogs())
@example(text=KEPT)
@example(text=KEPT.replace("\n", "\r\n"))
def test_only_the_heading_the_section_and_the_links_differ(text: str) -> None:
    spans = released(text, NEXT)
    before, after = parsed(text), spliced(text, spans)
    if before.unreleased is None or section(before, NEXT.version) is not None:
        assert after == text
        return
    moved = [one for one in spans if one.start != one.end]
    added = [one for one in spans if one.start == one.end]
    # what is replaced is the address of what is unreleased
    addresses = [
        (one.start, one.end) for one in before.references if one.label.lower() == "unreleased"
    ]
    assert {(one.start, one.end) for one in moved} <= {*addresses}
    # what is added is a heading and, perhaps, a link; by itself on lines of its own
    heading, *links = added
    assert heading.start == before.unreleased.end
    assert NEXT.version in heading.text
    assert len(links) <= 1
    assert all("1.3.0]: https://" in one.text for one in links)
    # nothing is lost: what was unreleased is what is said of the version
    assert prose(entry(after, NEXT.version)) == prose(unreleased(text))
    assert unreleased(after) == ""
    assert released(after, NEXT) == ()
