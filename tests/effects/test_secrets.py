"""Which variables are secret, and who gets them."""

from __future__ import annotations

import pytest

from release_sync.effects.secrets import (
    UPLOAD_ONLY,
    indented_tail,
    is_secret,
    without_secrets,
    without_upload_secrets,
)

READING = {
    "UV_INDEX_OURS_USERNAME": "me",
    "UV_INDEX_OURS_PASSWORD": "word",
    "UV_INDEX": "one=http://a/simple two=http://me:password@b/simple",
    "UV_EXTRA_INDEX_URL": "http://me:password@b/simple",
}
PLAIN = {
    "HOME": "/home/me",
    "UV_INDEX_STRATEGY": "first-index",
    "UV_DEFAULT_INDEX": "http://a/simple",
    "UV_PUBLISH_USERNAME": "me",
    "HTTPS_PROXY": "http://me:password@proxy",
    "GITHUB_TOKEN": "a-token",
}
ALL = {**dict.fromkeys(UPLOAD_ONLY, "word"), **READING, **PLAIN}


@pytest.mark.parametrize("name", ALL)
def test_what_uploads_to_an_index_or_reads_a_private_one_is_secret(name: str) -> None:
    assert is_secret(name, ALL[name]) is (name not in PLAIN)


def test_uv_reads_indexes_and_the_code_of_others_does_not() -> None:
    assert without_upload_secrets(ALL) == {**READING, **PLAIN}
    assert without_secrets(ALL) == PLAIN


CAUSE = "       RuntimeError: the real cause"
HINT = "hint: Build failures usually indicate a problem with the package"


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("", ["it printed nothing"]),
        ("\n \n", ["it printed nothing"]),
        ("first\nsecond\n", ["second", "    first"]),
        (f"error: it\n{CAUSE}\n\n{HINT}\n", [CAUSE.strip(), "    error: it", f"    {HINT}"]),
        ("no operator\n  a=1\n   ^", ["a=1", "    no operator", "       ^"]),
        (f"again\nagain\n{HINT}", ["again", "    again", f"    {HINT}"]),
        (HINT, [HINT]),
        ("1\n2\n3\n4", ["4", "    2", "    3"]),
    ],
)
def test_what_is_wrong_comes_first_and_advice_is_not_it(printed: str, told: list[str]) -> None:
    assert indented_tail(printed, 3).split("\n") == told
