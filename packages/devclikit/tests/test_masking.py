from __future__ import annotations

from pathlib import Path

import pytest

from devclikit.crash import Crash, tell
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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("token=abc123", "token=****"),
        ("https://example.invalid/?token=abc123&x=1", "https://example.invalid/?token=****&x=1"),
        ("failed: password=hunter2, host=a", "failed: password=****, host=a"),
        ("call(secret='a b', n=1)", "call(secret='****', n=1)"),
        ("CLIENT_SECRET=x; api_key=y; api-key=z; APIKEY=w", None),
        ('{"password": "abc", "n": 1}', '{"password": "****", "n": 1}'),
        ("{'access_token': 'abc'}", "{'access_token': '****'}"),
        ("Authorization: Bearer abc.def-ghi=", "Authorization: Bearer ****"),
        ("authorization: basic dTpw", "authorization: basic ****"),
        ("{'Authorization': 'Basic dTpw', 'x': 1}", "{'Authorization': 'Basic ****', 'x': 1}"),
        ("{'Proxy-Authorization': b'Bearer abc'}", "{'Proxy-Authorization': b'Bearer ****'}"),
        ("say token= and then the value", "say token= and then the value"),
        ("`token=` or `password=`.", "`token=` or `password=`."),
        ("the token: see below", "the token: see below"),
        ("my-secret==1.0 and token>=2", "my-secret==1.0 and token>=2"),
        ("token=None, secret=False", "token=None, secret=False"),
        ("max_tokens=100 and secretary=Ann", "max_tokens=100 and secretary=Ann"),
        ("Authorization: see RFC 9110", "Authorization: see RFC 9110"),
        ("no credentials: a Bearer token is missing", "no credentials: a Bearer token is missing"),
    ],
)
def test_what_is_named_a_secret_is_masked(said: str, shown: str | None) -> None:
    expected = "CLIENT_SECRET=****; api_key=****; api-key=****; APIKEY=****"
    assert masked(said, {}) == (expected if shown is None else shown)


def test_the_report_of_a_crash_masks_what_is_named_a_secret(tmp_path: Path) -> None:
    error = RuntimeError("401 for https://example.invalid/?token=abc123")
    crash = Crash("tool", ["run"], error)
    message, hint = tell(crash, {}, tmp_path)
    report = Path(hint.rpartition(" ")[2]).read_text(encoding="utf-8")
    assert "token=****" in message
    assert "token=****" in report
    assert "abc123" not in message + report


def test_the_password_of_a_url_is_masked_wherever_it_is_repeated() -> None:
    environ = {"INDEX": "https://user:sesame-open@example.invalid/simple"}
    assert masked("it said: sesame-open", environ) == "it said: ****"


def test_the_values_of_secret_options_are_masked() -> None:
    line = ["--token", "one", "--password=two", "--name", "three", "--token", "--verbose"]
    assert masked_arguments(line, {}) == [
        *("--token", "****", "--password=****"),
        *("--name", "three", "--token", "--verbose"),
    ]
