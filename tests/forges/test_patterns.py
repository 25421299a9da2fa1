"""Which names the patterns of forges match."""

from __future__ import annotations

import pytest

from release_sync.forges.patterns import by_path, by_star


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("refs/tags/v*", "refs/tags/v1", True),
        ("refs/tags/*", "refs/tags/kit/v1", False),
        ("refs/tags/**/*", "refs/tags/kit/v1", True),
        ("refs/tags/**/*", "refs/tags/v1", True),
        ("**/**/v1", "refs/tags/v1", True),
        ("refs/tags/v[0-9]", "refs/tags/v1", True),
        ("refs/tags/v?", "refs/tags/v10", False),
        ("refs/tags", "refs/tags/v1", False),
    ],
)
def test_a_star_stops_at_a_slash(pattern: str, name: str, *, matches: bool) -> None:
    assert by_path(pattern, name) is matches


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [("*", "a/b", True), ("v*1", "v/0/1", True), ("v?", "v1", False), ("[v]1", "v1", False)],
)
def test_a_star_is_anything(pattern: str, name: str, *, matches: bool) -> None:
    assert by_star(pattern, name) is matches
