"""`history` shows what tags, seals and the remote's own refs tell of releases, on real git."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.small_workspace import LOW, ROOT, SmallWorkspace

from release_sync.cli.reporting.history import command, day
from release_sync.effects.git.repository import open_repository
from release_sync.effects.git.seal_commit import wrap, write_tag
from release_sync.errors import Unreadable
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Sealed
from release_sync.seals.tag_objects import write_seal

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = """
[tool.release-sync.groups.tools]
members = ["low"]
tag = "tools-{version}"
"""
BEGAN = 1_700_000_000


def seal(place: SmallWorkspace, version: str, after: int, **more: Any) -> str:  # noqa: ANN401 - fields
    """Write a seal of ``top`` on a commit of its own, so many seconds later; return its name."""
    repo = open_repository(str(place.root)).repo
    base = place.git("rev-parse", "HEAD").strip()
    date = {"GIT_COMMITTER_DATE": f"{BEGAN} +0000"}
    with repo.git.custom_environment(**date):
        candidate = str(repo.git.commit_tree("HEAD^{tree}", "-p", base, "-m", version))
    fields = {
        "group": "default", "tag": f"v{version}", "levels": (("top",),), "artifacts": (),
        **more,
    }  # fmt: skip
    members = [name for level in fields["levels"] for name in level]
    files = tuple(Artifact(one, f"{one}-{version}.tar.gz", 100, "a" * 64) for one in members)
    sealed = Sealed(oid="", candidate=candidate, base=base, version=version, branch="main",
                    index="ours", maker="0.2.0", **{**fields, "artifacts": files})  # fmt: skip
    tagger = f"tagger Ann <a@example.com> {BEGAN + after} +0000"
    head = f"object {candidate}\ntype commit\ntag {sealed.tag}\n{tagger}\n\n"
    return write_tag(repo, f"{head}{write_seal(sealed, 'Done')}".encode())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorkspace:
    """A clone with releases of two groups, one of which was given up, and its remote."""
    place = SmallWorkspace(tmp_path / "clone")
    place.write("pyproject.toml", ROOT + GROUPS)
    place.write("packages/low/pyproject.toml", LOW)
    place.commit()
    remote = tmp_path / "remote.git"
    place.git("init", "-q", "--bare", str(remote))
    place.git("remote", "add", "origin", str(remote))
    place.git("tag", "v0.9")  # as another tool does it
    place.git("tag", "v1.2", seal(place, "1.2", 90))
    tools = seal(place, "2.0", 60, group="tools", tag="tools-2.0", levels=(("low",),),
                 primary="default")  # fmt: skip
    place.git("tag", "tools-2.0", tools)
    for kind, version, after in (("abandoned", "1.3", 100), ("sealed", "1.4", 200)):
        place.git("update-ref", f"refs/release-sync-{kind}/v{version}", seal(place, version, after))
    place.git("push", "-q", "origin", "refs/*:refs/*")
    monkeypatch.chdir(place.root)
    return place


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    command.main([*arguments], "history", standalone_mode=False)
    return capsys.readouterr().out


def test_every_release_is_there_with_what_is_known_of_it(
    place: SmallWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    own, tools = map(json.loads, shown(capsys, "--json").splitlines())
    assert [one["version"] for one in tools["releases"]] == ["2.0"]
    assert (tools["releases"][0]["with"], tools["releases"][0]["members"]) == ("default", ["low"])
    *sealed, plain = sorted(own["releases"], key=lambda one: one["version"], reverse=True)
    assert [(one["version"], one["seconds"], one["size"], one["abandoned"]) for one in sealed] == [
        ("1.4", 200, 100, False),
        ("1.3", 100, 100, True),
        ("1.2", 90, 100, False),
    ]
    assert (plain["seal"], plain["members"], plain["files"]) == ("", None, None)
    assert plain["time"] > BEGAN
    total = own["summary"]
    assert (total["releases"], total["abandoned"], total["share_abandoned"]) == (3, 1, 0.25)
    assert (total["since"], total["median_seconds"]) == (BEGAN + 90, 145)

    text = shown(capsys, "--group", "default").splitlines()
    assert [line.split() for line in text[2:5]] == [
        ["1.4", "2023-11-14", "Ann", "200s", "1", "1", "100"],
        ["1.3", "2023-11-14", "Ann", "100s", "1", "1", "100", "given", "up"],
        ["1.2", "2023-11-14", "Ann", "90s", "1", "1", "100"],
    ]
    assert text[1].split()[0] == "0.9"
    assert text[1].endswith("no seal")
    assert text[5].startswith("3 releases since 2023-11-14, 0.")
    assert text[5].endswith(" a month; sealed in 145s (median); 1 given up (25%)")
    with pytest.raises(Unreadable, match="there is no group 'x'"):
        shown(capsys, "--group", "x")

    place.git("tag", "-d", "v1.2")
    assert "note: origin has 1 release tag that this clone lacks: run `git fetch" in shown(capsys)
    place.git("remote", "set-url", "origin", str(place.root / "nowhere"))
    assert "note: origin did not answer: what was given up, and what" in shown(capsys)


def test_where_pending_refs_are_branches_commits_carry_what_was_given_up(
    place: SmallWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.write("pyproject.toml", f'{ROOT}[tool.release-sync]\nwaiting = "refs/heads/waiting"\n')
    place.commit()
    carrier = wrap(open_repository(str(place.root)).repo, seal(place, "1.5", 70))
    place.git("push", "-q", "origin", f"{carrier}:refs/heads/waiting-abandoned/v1.5")
    told = json.loads(shown(capsys, "--json"))
    given_up = [one for one in told["releases"] if one["abandoned"]]
    assert [(one["version"], one["seconds"], one["files"]) for one in given_up] == [("1.5", 70, 1)]


def test_a_tag_may_say_any_time() -> None:
    assert [day(one) for one in (0, None, 10**12, 86_400)] == ["-", "-", "-", "1970-01-02"]
