from __future__ import annotations

from pathlib import Path

import pytest

from devclikit.crash import Crash, tell
from devclikit.masking import masked, masked_arguments


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https://user:word@example.invalid/x", "https://****@example.invalid/x"),
        ("https://user:wo@rd@example.invalid/x", "https://****@example.invalid/x"),
        ("https://example.invalid/@x", "https://example.invalid/@x"),
        ("https://example.invalid?to=a@b", "https://example.invalid?to=a@b"),
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
        (
            "CLIENT_SECRET=x; api_key=y; api-key=z; APIKEY=w",
            "CLIENT_SECRET=****; api_key=****; api-key=****; APIKEY=****",
        ),
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
        # a value behind a colon, as YAML, headers and prompts have it
        ("password: x", "password: ****"),
        ("Password: hunter2 was refused", "Password: **** was refused"),
        ("X-Api-Key: abc\nHost: a", "X-Api-Key: ****\nHost: a"),
        ("PRIVATE-TOKEN: abc, x", "PRIVATE-TOKEN: ****, x"),
        ('{"token": 12345, "n": 1}', '{"token": ****, "n": 1}'),
        ("{'token': None}", "{'token': None}"),
        ("password: must have 12 characters", "password: must have 12 characters"),
        ("token: expired", "token: expired"),
        ("secret: 3 of them are known", "secret: 3 of them are known"),
        ("a secret: nobody knows it", "a secret: nobody knows it"),
        # in quotes, with whatever is around them
        ('api_key="abc"', 'api_key="****"'),
        ('{"secret": "a\\"b", "n": 1}', '{"secret": "****", "n": 1}'),
        ('"{\\"secret\\": \\"abc\\", 1}"', '"{\\"secret\\": \\"****\\", 1}"'),
        ("password = 'abc'", "password = '****'"),
        ('password: "a b"', 'password: "****"'),
        ("{'password': b'abc'}", "{'password': b'****'}"),
        ("password=''", "password=''"),
        # settings, and the source lines of a traceback
        ("password = hunter2", "password = ****"),
        ("    token = read_token(folder)", "    token = read_token(folder)"),
        ("    secret = parts[1]", "    secret = parts[1]"),
        ("    password = given", "    password = given"),
        # options
        ("tool --token abc --verbose", "tool --token **** --verbose"),
        ("tool --api-key 'a b' x", "tool --api-key '****' x"),
        ("['--token', 'abc']", "['--token', '****']"),
        ("give --token or --password to it", "give --token or --password to it"),
        ("`--token` is missing", "`--token` is missing"),
        ("usage: tool --token TOKEN [--x]", "usage: tool --token TOKEN [--x]"),
        ("tool --key-file abc", "tool --key-file abc"),
        # headers
        ("-H 'Bearer abc.def-ghi0123456789'", "-H 'Bearer ****'"),
        ("('authorization', 'Basic dTpw')", "('authorization', 'Basic ****')"),
        ("Bearer authentication-is-required", "Bearer authentication-is-required"),
        ("{'Cookie': 'sid=abc; b=c', 'x': 1}", "{'Cookie': '****', 'x': 1}"),
        ("Set-Cookie: sid=abc; HttpOnly\nHost: a", "Set-Cookie: ****\nHost: a"),
        ("-H X-Api-Key:abc123", "-H X-Api-Key:****"),
        # source lines of a traceback
        ("    token: str = 'abc'", "    token: str = '****'"),
        ("def f(password: str, api_key: Optional[str] = None):", None),
        ("    login(password=getpass(), token=read.token())", None),
        ("Lazy('acme.token:command', 'x')", None),
        ("private_key: |", None),
        (":param password: (optional) what it is", None),
        # what other programs write
        ('authorization: Digest username="a", response="abc"', "authorization: Digest ****"),
        (
            "https://example.invalid/?X-Amz-Signature=abc&x=1",
            "https://example.invalid/?X-Amz-Signature=****&x=1",
        ),
        ("get(url, auth=('me', 'abc'), n=1)", "get(url, auth=('me', '****'), n=1)"),
        ('{"auths": {"x": {"auth": "abc=="}}}', '{"auths": {"x": {"auth": "****"}}}'),
        ("//example.invalid/:_auth=abc==", "//example.invalid/:_auth=****"),
        ("machine a login me password abc", "machine a login me password ****"),
        ("MYSQL_PWD=abc DB_PASS=abc PWD=/home", "MYSQL_PWD=**** DB_PASS=**** PWD=/home"),
        ("passphrase: abc", "passphrase: ****"),
        ("$ curl -u me:abc https://x | grep -u a:b", "$ curl -u me:**** https://x | grep -u a:b"),
        ("Command '['curl', '-u', 'me:abc', 'x']'", "Command '['curl', '-u', 'me:****', 'x']'"),
        ("docker login -u me -p abc x", "docker login -u me -p **** x"),
        ("docker run -p 80:80 -u 1:1 login", None),
        # prose
        ('the password "hunter2" is wrong', 'the password "****" is wrong'),
        ("invalid token 'abc'; a token \"b\"", None),
        ("the --token option, the --password-stdin flag", None),
        ("token is missing", "token is missing"),
        ("tokens=3, token_count=4, tokens: 3", "tokens=3, token_count=4, tokens: 3"),
        ("unexpected token: ')' at 3", "unexpected token: ')' at 3"),
        ("SyntaxError: unexpected token '=='", "SyntaxError: unexpected token '=='"),
        ("keyboard=qwerty, monkey: x", "keyboard=qwerty, monkey: x"),
    ],
)
def test_what_is_named_a_secret_is_masked(said: str, shown: str | None) -> None:
    assert masked(said, {}) == (said if shown is None else shown)


KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\naC1rZXk=\n-----END OPENSSH PRIVATE KEY-----"


@pytest.mark.parametrize(
    "secret",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9,
        "github_pat_" + "a1B2" * 9,
        "glpat-" + "a1B2" * 5,
        "pypi-" + "AgEIcHlwaS5vcmcCJDk",
        "xoxb-" + "1234-5678-abcdef",
        "npm_" + "a1B2" * 9,
        "sk-" + "proj-" + "a1B2" * 9,
        "eyJhbGciOiJI" + "." + "eyJzdWIiOiIx" + "." + "dozjgNryP4J3",
        "glrt-" + "a1B2" * 5,
        "sk_live_" + "a1B2" * 6,
        "dckr_pat_" + "a1B2" * 6,
        "AIza" + "a1B2c" * 7,
        "SG." + "a1B2" * 5 + "." + "a1B2" * 9,
        KEY,
        repr(KEY)[1:-1],
        KEY.replace("OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"),
        "-----BEGIN PRIVATE KEY-----\n" + "a1B2" * 16 + "\n" + "a1B2" * 16,
    ],
)
def test_what_looks_like_a_secret_is_masked_wherever_it_is(secret: str) -> None:
    assert masked(f"it says {secret}, no more", {}) == "it says ****, no more"


@pytest.mark.parametrize(
    "innocent",
    [
        "pypi-attestations 0.0.28 and pypi-simple are there",
        "task-list-of-twenty-and-more-characters",
        "AKIAN is a name, npm_config_registry a variable",
        "-----BEGIN CERTIFICATE-----",
        "brian-gladman-2-clause",
        "release_sync.effects.secrets.without_upload_secrets",
    ],
)
def test_what_only_begins_like_a_secret_is_shown(innocent: str) -> None:
    assert masked(innocent, {}) == innocent


def test_of_secrets_that_begin_alike_none_is_left_in_part() -> None:
    environ = {"A_TOKEN": "sesame", "B_TOKEN": "sesame-street", "C_KEY": "one\ntwo-three"}
    assert masked("sesame-street, sesame", environ) == "****, ****"
    assert masked("/run/token", {"A_TOKEN_FILE": "/run/token"}) == "/run/token"
    assert masked(repr("one\ntwo-three"), environ) == "'****'", "as a repr writes it"


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


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("x --token one --password=two --name y", "x --token **** --password=**** --name y"),
        ("x --token --verbose", "x --token --verbose"),
        ("x --passphrase abc --db-pwd abc", "x --passphrase **** --db-pwd ****"),
        ("curl -u me:abc -H X-Api-Key:abc123", "curl -u me:**** -H X-Api-Key:****"),
        ("/usr/bin/curl --user me:abc -u you x", "/usr/bin/curl --user me:**** -u you x"),
        ("twine upload -u me -p abc dist/*", "twine upload -u me -p **** dist/*"),
        ("uv publish -t abc", "uv publish -t ****"),
        ("sshpass -p abc ssh -p 22 x", "sshpass -p **** ssh -p 22 x"),
        ("mysqldump -pabc db", "mysqldump -p**** db"),
        ("x --password-file a --token-path b", "x --password-file a --token-path b"),
        ("docker login --password-stdin y", "docker login --password-stdin y"),
        ("uv run -p 3.12 x", "uv run -p 3.12 x"),
        ("pytest -p no:cacheprovider", "pytest -p no:cacheprovider"),
        ("mkdir -p a", "mkdir -p a"),
    ],
)
def test_the_secrets_of_a_command_line_are_masked(line: str, shown: str) -> None:
    assert masked_arguments(line.split(" "), {}) == shown.split(" ")


def test_arguments_stay_as_many() -> None:
    assert masked_arguments([], {}) == []
    assert masked_arguments(["docker", "", "a b", "login", "-p"], {})[1:3] == ["", "a b"]
