"""The headings of a changelog, where a section ends, and what is none of both."""

from __future__ import annotations

import pytest

from release_sync.changelog.headings import Heading, parsed

FENCE, TILDES = "`" * 3, "~" * 4


def headings(text: str) -> list[tuple[int, str, str]]:
    return [(one.level, one.title, one.version) for one in parsed(text).headings]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# A\n## B 1.0 ##\n", [(1, "A", ""), (2, "B 1.0", "1.0")]),
        ("\ufeff# A\n\ufeff# B\n", [(1, "A", "")]),
        ("#A\n    # B\n####### C\n", []),
        ("# A\n\nB\n---\nC\n===\nD\n~~~\n", [(1, "A", ""), (2, "B", ""), (1, "C", "")]),
        ("# A\n\n\n---\n---\n---\n", [(1, "A", "")]),
        ("A\n~~~\nB\n===\nC\n~~~\n", [(1, "A", ""), (2, "B", ""), (1, "C", "")]),
        ("A\n---", [(1, "A", "")]),
        ("---\n===\nA", []),
        (f"# A\n{FENCE}\n# B\n{FENCE}\n# C\n", [(1, "A", ""), (1, "C", "")]),
        (f"# A\n{TILDES}\n# B\n{TILDES[1:]}\n# C\n{TILDES} x\n# D\n{TILDES}~\n# E\n",
         [(1, "A", ""), (1, "E", "")]),
        (f"# A\n{FENCE}\n# B\n{TILDES}\n# C\n", [(1, "A", "")]),
        (f"A\n===\n{FENCE}\nB\n===\n{FENCE}\n", [(1, "A", ""), (1, "B", "")]),
        ("# A\n<!-- x\n# B\ny -->\n# C\n<!-- z -->\n# D\n",
         [(1, "A", ""), (1, "C", ""), (1, "D", "")]),
        ("# A\n<!--\n# B\n", [(1, "A", "")]),
        (f"# A\n<!--\n{FENCE}\n-->\n# B\n", [(1, "A", ""), (1, "B", "")]),
        # a line below a list, a quotation or indented code is a rule
        ("# A\n- uv 0.5.1\n---\n1. B 1.0\n---\n> C 1.0\n===\n\n    D 1.0\n---\n", [(1, "A", "")]),
        ("# A\n- uv\n  0.5.1\n---\n* * *\nB\n---\n", [(1, "A", ""), (2, "B", "")]),
        # code in a list ends as the list does
        (f"# A\n- {FENCE}md\n  # B\n  {FENCE}\n# C\n", [(1, "A", ""), (1, "C", "")]),
        (f"# A\n  1. {FENCE}\n     # B\n     {FENCE}\n# C\n", [(1, "A", ""), (1, "C", "")]),
        (f"# A\n- {FENCE}\n  # B\n\n# C\n", [(1, "A", ""), (1, "C", "")]),
        (f"# A\n- x\n\n  {FENCE}\n  # B\n\n# C\n", [(1, "A", ""), (1, "C", "")]),
        (f"# A\nx\n  {FENCE}\n# B\n", [(1, "A", "")]),
        # and so does what looks like a heading in an item
        ("# A\n- x\n\n  # B 1.0\n- # C\n\n # D\n\ny\n # E\n", [(1, "A", ""), (1, "E", "")]),
        ("* * *\n # A\n", [(1, "A", "")]),
        ("---\ntitle: B 1.0\n---\n# A\n", [(1, "A", "")]),
        ("---\n# A\n", [(1, "A", "")]),
        ("===\nA\n===\n\nB\n===\n\n===\nC\n===\n", [(1, "A", ""), (2, "B", ""), (1, "C", "")]),
    ],
)  # fmt: skip
def test_headings_are_found_and_none_in_code_and_in_comments(
    text: str, found: list[tuple[int, str, str]]
) -> None:
    """In reStructuredText no fence is one, and underlines rank as they come."""
    assert headings(text) == found
    assert headings(text.replace("\n", "\r\n")) == found


def test_comments_are_known_by_where_they_stand() -> None:
    text = "# A\n<!-- x\ny -->\nB\n<!-- z -->\n<!-- open\n"
    assert [text[start:end] for start, end in parsed(text).comments] == [
        "<!-- x\ny -->\n", "<!-- z -->\n", "<!-- open\n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("# A\n## B\n## C\n", ""),
        ("# A\n## B\n### C\nx\n# D\n", "### C\nx\n"),
        ("# A\n## B\nx\n[l]: y\nz\n## C\n", "x\n[l]: y\nz\n"),
        ("[l]: x\n## B\nx\n### C\n[m]: y\n[n]: z\n", "x\n### C\n"),
        ("# A\n## B\n[l]: y\n", ""),
        ("# A\n## B\nx", "x"),
        (
            "# A\n## B\nx\n\n[l]: y\n\nz\n<!-- v -->\n\n[m]: y\n\n[n]: y\n",
            "x\n\n[l]: y\n\nz\n<!-- v -->\n\n",
        ),
    ],
)
def test_a_section_ends_at_the_next_heading_or_at_the_links_below_the_last(
    text: str, section: str
) -> None:
    changelog = parsed(text)
    (heading,) = (one for one in changelog.headings if one.title == "B")
    assert text[heading.end : changelog.end_of(heading)] == section


def test_versions_have_the_level_of_what_is_unreleased_or_of_most() -> None:
    def versions(text: str) -> list[str]:
        return [one.version for one in parsed(text).versions]

    assert versions("# 9.0 of it\n## 1.2\n### 1.1 was bad\n## 1.0\n") == ["1.2", "1.0"]
    assert versions("## 1.2\n### Unreleased since 1.2\n### 1.1\n## 1.0\n") == ["1.1"]
    assert versions("# A\n") == []
    for title in (
        "[Unreleased] - soon",
        "**Unreleased**",
        "\N{ROCKET} Unreleased",
        "[**unreleased**]",
    ):
        assert Heading(title, 2, 0, 0).is_unreleased
    assert not Heading("What is unreleased", 2, 0, 0).is_unreleased
    assert not Heading("Unreleasedly", 2, 0, 0).is_unreleased
