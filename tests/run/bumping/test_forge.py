"""The forge of a remote, by its address, and the page that opens a pull request there."""

from __future__ import annotations

import pytest

from release_sync.effects.forge.finding import find
from release_sync.run.bumping.forge import Forge, compare_url, on_forge


def forge_of(address: str) -> Forge | None:
    """Return the forge of an address, with what its name says of the kind."""
    known = find(address, {})
    return on_forge(address, known.kind.value if known else "")


GITHUB = "https://github.com/team/packages/compare/main...release/v1.0?expand=1"
GITLAB = (
    "/-/merge_requests/new?merge_request%5Bsource_branch%5D=release%2Fv1.0"
    "&merge_request%5Btarget_branch%5D=main"
)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("git@github.com:team/packages.git", GITHUB),
        ("github.com:team/packages", GITHUB),
        ("https://github.com/team/packages.git", GITHUB),
        ("https://me:a-token@github.com/team/packages/", GITHUB),
        ("ssh://git@github.com/team/packages.git", GITHUB),
        ("ssh://git@ssh.github.com:443/team/packages.git", GITHUB),
        ("git@GitHub.com:team/packages.git", GITHUB),
        (
            "git@github.company.example:team/packages.git",
            GITHUB.replace("github.com", "github.company.example"),
        ),
        ("git@gitlab.com:a/b/packages.git", f"https://gitlab.com/a/b/packages{GITLAB}"),
        (
            "https://gitlab.company.example:8443/a/packages.git",
            f"https://gitlab.company.example:8443/a/packages{GITLAB}",
        ),
        (
            "ssh://git@gitlab.company.example:2222/a/packages.git",
            f"https://gitlab.company.example/a/packages{GITLAB}",
        ),
        (
            "git@codeberg.org:team/packages.git",
            "https://codeberg.org/team/packages/compare/main...release/v1.0",
        ),
        (
            "http://gitea.local:3000/team/packages.git",
            "http://gitea.local:3000/team/packages/compare/main...release/v1.0",
        ),
        (
            "git@bitbucket.org:team/packages.git",
            "https://bitbucket.org/team/packages/pull-requests/new?source=release%2Fv1.0&dest=main",
        ),
    ],
)
def test_a_known_host_has_a_page_without_who_logs_in(address: str, page: str) -> None:
    forge = forge_of(address)
    assert forge is not None
    assert compare_url(forge, "main", "release/v1.0") == page


@pytest.mark.parametrize(
    "address",
    [
        "/srv/git/github.git", "../github.com/packages", "file:///srv/github.com/packages.git",
        "git@git.company.example:team/packages.git", "https://notgithub.com/team/packages",
        "git@github.com:", "https://github.com/", "https://github.com:port/a/b", "", "C:\\github",
        "git@bitbucket.company.example:team/packages.git",
    ],
)  # fmt: skip
def test_any_other_address_has_none(address: str) -> None:
    assert forge_of(address) is None


def test_what_a_name_has_does_not_end_the_page() -> None:
    forge = forge_of("git@github.com:team/packages.git")
    assert forge is not None
    page = compare_url(forge, "main", "release/v1.0#a&b")
    assert page.endswith("compare/main...release/v1.0%23a%26b?expand=1")
