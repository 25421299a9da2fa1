"""uv's settings outside of a workspace: its indexes, in uv's order, and nothing else."""

from __future__ import annotations

from pathlib import Path

from release_sync.effects.uv.outside import outside

ROOT = Path("/w")


def test_indexes_keep_their_order_and_names() -> None:
    settings = {
        "index": [
            {"name": "ours", "url": "http://a/simple"},
            {"name": "torch", "url": "http://b/simple", "explicit": True},
            {"url": "wheels", "format": "flat"},
            {"name": "mirror", "url": "http://c/simple", "default": True},
        ],
        "extra-index-url": ["http://d/simple"],
        "find-links": ["more", "http://e/links"],
    }
    found = outside(settings, ROOT, {"UV_INDEX": "http://f/simple"}, ["x=file:///x"])
    assert found == {
        "UV_INDEX": "x=file:///x http://f/simple ours=http://a/simple http://d/simple",
        "UV_DEFAULT_INDEX": "mirror=http://c/simple",
        "UV_FIND_LINKS": "/w/wheels /w/more http://e/links",
        "UV_INDEX_STRATEGY": "first-index",
    }


def test_what_resolves_otherwise_in_the_workspace_is_left_behind() -> None:
    settings = {
        "index": [],
        "override-dependencies": ["idna==3.4"],
        "constraint-dependencies": ["idna<3"],
        "sources": {"kit": {"workspace": True}},
        "prerelease": "allow",
    }
    assert outside(settings, ROOT, {}) == {}


def test_how_an_index_is_read_is_kept() -> None:
    settings = {
        "index": [],
        "index-url": "http://a/simple",
        "keyring-provider": "subprocess",
        "allow-insecure-host": ["a"],
        "native-tls": True,
    }
    assert outside(settings, ROOT, {"UV_INSECURE_HOST": "b"}) == {
        "UV_DEFAULT_INDEX": "http://a/simple",
        "UV_KEYRING_PROVIDER": "subprocess",
        "UV_INSECURE_HOST": "b a",
        "UV_NATIVE_TLS": "1",
    }


def test_the_environment_counts_before_the_settings() -> None:
    settings = {"index": [], "index-url": "http://a/simple", "keyring-provider": "subprocess"}
    environ = {"UV_DEFAULT_INDEX": "http://b/simple", "UV_KEYRING_PROVIDER": "disabled"}
    assert outside(settings, ROOT, environ) == {}
