from __future__ import annotations

import pytest

from devclikit.masking import masked, masked_arguments


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https://user:word@example.invalid/x", "https://****@example.invalid/x"),
        ("https://example.invalid/@x", "https://example.invalid/@x"),
        ("with pypi-AgEIcHlwaS5vcmc here", "with **** here"),
        ("the word sesame opens", "the word **** opens"),
        ("a short one stays", "a short one stays"),
    ],
)
def test_secrets_are_masked_and_nothing_else(said: str, shown: str) -> None:
    assert (
        masked(said, {"API_TOKEN": "sesame", "OTHER_TOKEN": "short", "PLAIN": "nothing"}) == shown
    )


def test_the_password_of_a_url_is_masked_wherever_it_is_repeated() -> None:
    environ = {"INDEX": "https://user:sesame-open@example.invalid/simple"}
    assert masked("it said: sesame-open", environ) == "it said: ****"


def test_the_values_of_secret_options_are_masked() -> None:
    line = ["--token", "one", "--password=two", "--name", "three", "--token", "--verbose"]
    assert masked_arguments(line, {}) == [
        *("--token", "****", "--password=****"),
        *("--name", "three", "--token", "--verbose"),
    ]
