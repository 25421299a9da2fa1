"""An index is read over TLS with the certificates that uv trusts, and no others."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme
from tests.fakes.raw_index import Raw, RawIndex, raw_index

from release_sync.effects.index.address import resolve
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.index.trust import Trust, trust
from release_sync.effects.uv.commands import Uv
from release_sync.steps.uploading.served import Reply, Served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = "/simple/kit/"
LINK = b'<a href="/f/kit-1.0.tar.gz">kit-1.0.tar.gz</a>'


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[RawIndex]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with raw_index(context) as server:
        server.answers[PAGE] = Raw(LINK)
        yield server


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> str:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


def asked(server: RawIndex, environ: Mapping[str, str], **uv: object) -> Served:
    """Ask, as with these settings of uv."""
    index = {"name": "raw", "url": f"{server.url}/simple/", "publish-url": f"{server.url}/"}
    address = resolve("raw", {"index": [index], **uv}, environ)
    return PackageIndex(address, None, Path()).project("kit")


def uv_asks(server: RawIndex, environ: Mapping[str, str], folder: Path) -> bool:
    """Return whether uv, in this environment, gets as far as to ask for a page."""
    own = Uv()
    (folder / "kit.in").write_text("kit", encoding="utf-8")
    line = [own.program, "pip", "compile", "--no-cache", "--no-config", "kit.in"]
    clean = {name: value for name, value in own.environ.items() if not name.startswith("SSL_")}
    told = {**clean, "UV_INDEX_URL": f"{server.url}/simple/", "UV_HTTP_RETRIES": "0"}
    subprocess.run(line, cwd=folder, env={**told, **environ}, capture_output=True, check=False)
    return bool(server.seen)


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")  # as outside of tests
@pytest.mark.parametrize(
    ("given", "trusted"),
    [
        ({}, False),
        ({"SSL_CERT_FILE": "{file}"}, True),
        ({"SSL_CERT_FILE": "{other}"}, False),
        ({"SSL_CERT_FILE": "{folder}/nowhere.pem"}, False),
        ({"SSL_CERT_FILE": "{folder}"}, False),
        ({"SSL_CERT_FILE": "{file}", "SSL_CERT_DIR": "{folder}"}, True),
        ({"SSL_CERT_DIR": "{folder}/nowhere:{folder}"}, True),
        ({"SSL_CERT_DIR": "{folder}/nowhere"}, False),
        ({"SSL_CERT_FILE": "{other}", "SSL_CERT_DIR": "{folder}"}, True),
        ({"SSL_CERT_FILE": "", "SSL_CERT_DIR": ""}, False),
        ({"REQUESTS_CA_BUNDLE": "{file}", "CURL_CA_BUNDLE": "{file}"}, False),
        ({"UV_INSECURE_HOST": "127.0.0.1"}, True),
        ({"UV_INSECURE_HOST": "other.invalid 127.0.0.1:{port}"}, True),
        ({"UV_INSECURE_HOST": "https://127.0.0.1"}, True),
        ({"UV_INSECURE_HOST": "*"}, True),
        ({"UV_INSECURE_HOST": "http://127.0.0.1"}, False),
        ({"UV_INSECURE_HOST": "127.0.0.1:1"}, False),
        ({"UV_INSECURE_HOST": "localhost"}, False),
    ],
)
def test_what_uv_trusts_is_trusted_and_nothing_else(
    given: dict[str, str],
    server: RawIndex,
    certificate: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    trusted: bool,
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    names = {"file": certificate, "other": other, "folder": tmp_path, "port": server.server_port}
    environ = {name: value.format(**names) for name, value in given.items()}
    assert uv_asks(server, environ, tmp_path) is trusted
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    served = asked(server, environ)
    assert (served.reply is Reply.PAGE) is trusted
    assert trusted or served.why.startswith("TLS: unable to get local issuer certificate; SSL_CERT")


def test_another_name_in_the_certificate_is_said(authority: trustme.CA, certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.invalid").configure_cert(context)
    with raw_index(context) as server:
        served = asked(server, {"SSL_CERT_FILE": certificate})
    assert served.reply is Reply.UNKNOWN
    assert served.why.startswith("TLS: IP address mismatch, certificate is not valid for")


def test_what_does_not_speak_tls_is_said() -> None:
    with raw_index() as server:
        server.scheme = "https"
        assert asked(server, {}).why.startswith("TLS: ")


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_insecure_hosts_in_the_settings_count(server: RawIndex) -> None:
    hosts = {"allow-insecure-host": ["other.invalid", f"127.0.0.1:{server.server_port}"]}
    assert asked(server, {}, **hosts).reply is Reply.PAGE


@pytest.mark.parametrize(
    ("settings", "environ"),
    [
        ({}, {"UV_SYSTEM_CERTS": "true"}),
        ({}, {"UV_NATIVE_TLS": "1"}),
        ({"native-tls": True}, {}),
        ({"system-certs": True, "native-tls": False}, {}),
    ],
)
def test_the_certificates_of_the_system_count_where_uv_is_told_so(
    settings: dict[str, object],
    environ: dict[str, str],
    server: RawIndex,
    certificate: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate)  # by which OpenSSL finds the system's
    assert asked(server, {}).reply is Reply.UNKNOWN
    assert asked(server, environ, **settings).reply is Reply.PAGE


def test_what_is_told_in_vain_changes_nothing() -> None:
    environ = {"UV_SYSTEM_CERTS": "false", "UV_NATIVE_TLS": "0", "UV_INSECURE_HOST": " "}
    assert trust({"system-certs": False, "native-tls": True}, environ) == Trust()
