"""Links that compare two releases, on any host: those of the next release."""

from __future__ import annotations

import pytest

from release_sync.changelog.references import Comparison, comparison, following, since

HOST = "https://h/o/r/compare/"
QUERY = "https://h/compare?from=v1.2.0..v1.1.0&tab=x#top"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (f"{HOST}v1.1.0...v1.2.0", (HOST, "v1.1.0", "...", "v1.2.0", "")),
        (f"{HOST}a/v1.1.0..a/v1.2.0?x=y", (HOST, "a/v1.1.0", "..", "a/v1.2.0", "?x=y")),
        ("https://h/cmp/v1%0Dv2#d", ("https://h/cmp/", "v1", "%0D", "v2", "#d")),
        (QUERY, ("https://h/compare?from=", "v1.2.0", "..", "v1.1.0", "&tab=x#top")),
        ("v1..v2", ("", "v1", "..", "v2", "")),
        ("https://h/o/r/tree/main", None),
    ],
)
def test_an_address_is_taken_apart(url: str, parts: tuple[str, ...] | None) -> None:
    found = comparison(url)
    assert found == (None if parts is None else Comparison(*parts))
    assert found is None or str(found) == url


@pytest.mark.parametrize(
    ("ends", "moved"),
    [
        ("v1.2.0...HEAD", ("v1.3.0...HEAD", "v1.2.0...v1.3.0")),
        ("HEAD..v1.2.0", ("HEAD..v1.3.0", "v1.3.0..v1.2.0")),
        ("v1.2.0...next", ("v1.3.0...next", "v1.2.0...v1.3.0")),
        ("main...next", None),
        ("v1.1.0...HEAD", ("v1.3.0...HEAD", "v1.1.0...v1.3.0")),
        ("main..v1.1.0", ("main..v1.3.0", "v1.3.0..v1.1.0")),
        ("v1.2.0...v1.2.0", None),
    ],
)
def test_what_is_unreleased_moves_on(ends: str, moved: tuple[str, str] | None) -> None:
    expected = moved and tuple(f"{HOST}{one}" for one in moved)
    assert since(f"{HOST}{ends}", "1.2.0", "v1.3.0") == expected
    assert since("https://h/tree/main", "1.2.0", "v1.3.0") is None


def test_a_host_may_say_what_its_ends_are() -> None:
    url = "https://h/o/_git/r/branchCompare?baseVersion=GTv1.2.0&targetVersion=GBmain&_a=files"
    moved = since(url, "1.2.0", "v1.3.0")
    assert moved == (
        url.replace("1.2.0", "1.3.0"), url.replace("GBmain", "GTv1.3.0"),
    )  # fmt: skip
    assert following(moved[1], "1.3.0", "v2.0.0") == moved[1].replace("1.3.0", "2.0.0").replace(
        "1.2.0", "1.3.0"
    )


def test_the_first_release_moves_what_a_branch_shows() -> None:
    assert since(f"{HOST}start...HEAD", "", "v1.0.0") == (
        f"{HOST}v1.0.0...HEAD", f"{HOST}start...v1.0.0",
    )  # fmt: skip
    assert since(f"{HOST}start...end", "", "v1.0.0") is None


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (f"{HOST}v1.1.0...v1.2.0", f"{HOST}v1.2.0...v1.3.0"),
        (f"{HOST}v1.2.0..v1.1.0", f"{HOST}v1.3.0..v1.2.0"),
        (f"{HOST}v1.2.0..a-1.2.0", None),
        (f"{HOST}v1.0.0..v1.1.0", None),
        ("https://h/1.2.0/tag/v1.2.0#x", "https://h/1.2.0/tag/v1.3.0#x"),
        ("https://h/tag/v1.2.01", None),
        ("https://h/tag/v21.2.0", None),
        ("https://h/tags", None),
    ],
)
def test_a_release_follows_the_one_before(url: str, address: str | None) -> None:
    assert following(url, "1.2.0", "v1.3.0") == address
