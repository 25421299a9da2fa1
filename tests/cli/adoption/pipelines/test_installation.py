"""What a job is told to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from release_sync.cli.adoption.hook_source import HookSource
from release_sync.cli.adoption.pipelines.installation import is_local, requirement
from release_sync.errors import Unreadable


@pytest.mark.parametrize(
    ("repo", "url"),
    [
        ("https://example.com/a/b", "https://example.com/a/b"),
        ("git@example.com:a/b.git", "ssh://git@example.com/a/b.git"),
        ("file:///a/b", "file:///a/b"),
        ("/a/b c", "file:///a/b%20c"),
        ("b", f"file://{Path.cwd()}/b"),
    ],
)
def test_an_address_is_one_that_uv_takes(repo: str, url: str) -> None:
    found = HookSource(repo, "v9")
    assert requirement(found, "release") == f"release-sync[release] @ git+{url}@v9"
    assert requirement(found) == f"release-sync @ git+{url}@v9"
    assert is_local(found) == url.startswith("file:")


@pytest.mark.parametrize("rev", ["v9'; rm -rf /'", "${{ github.token }}", "$(x)", "a\nb", "v 9"])
def test_what_a_shell_or_the_host_would_read_otherwise_is_refused(rev: str) -> None:
    with pytest.raises(Unreadable, match="would not take as it is"):
        requirement(HookSource("https://example.com/a", rev))
