"""Which forge an address leads to, and which token goes there."""

from __future__ import annotations

import pytest

from release_sync.effects.forge.finding import Forge, Kind, Place, find, placed

HUB, LAB, TEA = Kind.GITHUB, Kind.GITLAB, Kind.GITEA
X = "https://x.example"
HERE = {"GITHUB_SERVER_URL": X}
EVERY = {
    name: f"secret of {name}"
    for name in (
        "GITHUB_TOKEN",
        "GH_ENTERPRISE_TOKEN",
        "GITLAB_TOKEN",
        "CI_JOB_TOKEN",
        "GITEA_TOKEN",
    )
}


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://nia:pw@github.com/octo/kit.git", Place("https", "github.com", "octo/kit")),
        ("git@github.com:octo/kit.git", Place("ssh", "github.com", "octo/kit")),
        ("ssh://git@ssh.github.com:443/octo/kit", Place("ssh", "github.com", "octo/kit")),
        ("git@altssh.gitlab.com:a/b/kit.git", Place("ssh", "gitlab.com", "a/b/kit")),
        ("https://Example.org:8080/octo/kit/", Place("https", "example.org", "octo/kit")),
        ("/srv/git/kit.git", None),
        ("../kit.git", None),
        ("file:///srv/git/kit.git", None),
        ("https://example.org/kit", None),
        ("https://[broken/a/b", None),
    ],
)
def test_an_address_is_taken_apart(url: str, place: Place | None) -> None:
    assert placed(url) == place


@pytest.mark.parametrize(
    ("url", "kind", "api", "variable"),
    [
        ("git@github.com:octo/kit", HUB, "https://api.github.com", "GITHUB_TOKEN"),
        ("https://octo.ghe.com/octo/kit", HUB, "https://api.octo.ghe.com", "GITHUB_TOKEN"),
        ("https://github.acme/o/k", HUB, "https://github.acme/api/v3", "GH_ENTERPRISE_TOKEN"),
        ("https://gitlab.com/a/b/kit", LAB, "https://gitlab.com/api/v4", "GITLAB_TOKEN"),
        ("https://gitlab.acme/a/kit", LAB, "https://gitlab.acme/api/v4", "GITLAB_TOKEN"),
        ("https://codeberg.org/octo/kit", TEA, "https://codeberg.org/api/v1", "GITEA_TOKEN"),
    ],
)  # fmt: skip
def test_a_forge_is_known_by_its_name(url: str, kind: Kind, api: str, variable: str) -> None:
    found = find(url, EVERY)
    assert found is not None
    assert (found.kind, found.api, found.variable) == (kind, api, variable)
    assert found.token == f"secret of {variable}"
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("environ", "kind", "variable"),
    [
        ({**HERE, "GITHUB_API_URL": X + "/api/v3"}, HUB, "GITHUB_TOKEN"),
        ({**HERE, "GITHUB_API_URL": X + "/api/v1"}, TEA, "GITEA_TOKEN"),
        ({**HERE, "GITHUB_API_URL": X, "FORGEJO_ACTIONS": "true"}, TEA, "GITEA_TOKEN"),
        ({"CI_SERVER_URL": X, "CI_API_V4_URL": X + "/api/v4"}, LAB, "GITLAB_TOKEN"),
        ({"GH_HOST": "x.example"}, HUB, "GH_ENTERPRISE_TOKEN"),
        ({"GITLAB_HOST": "https://x.example"}, LAB, "GITLAB_TOKEN"),
        ({"GITEA_SERVER_URL": "https://x.example/"}, TEA, "GITEA_TOKEN"),
    ],
)  # fmt: skip
def test_a_host_with_any_name_is_known_where_the_environment_names_it(
    environ: dict[str, str], kind: Kind, variable: str
) -> None:
    assert find("https://x.example/o/k", EVERY) is None
    found = find("https://x.example/o/k", {**EVERY, **environ})
    assert found is not None
    assert (found.kind, found.variable) == (kind, variable)
    assert find("https://y.example/o/k", {**EVERY, **environ}) is None


def test_the_token_of_a_job_goes_to_the_server_of_the_job_alone() -> None:
    job = {"CI_JOB_TOKEN": "x", "CI_API_V4_URL": "https://lab.example/api/v4"}
    found = find("https://lab.example/o/k", job)
    assert found is not None
    assert found.header == ("JOB-TOKEN", "x")
    elsewhere = find("https://gitlab.com/o/k", job)
    assert elsewhere is not None
    assert elsewhere.token == ""


def test_each_forge_has_its_own_header() -> None:
    place = Place("https", "h", "o/k")
    for kind, header in ((HUB, "Bearer t"), (LAB, "Bearer t"), (TEA, "token t")):
        assert Forge(kind, place, "https://h", (), "T", "t").header == ("Authorization", header)
