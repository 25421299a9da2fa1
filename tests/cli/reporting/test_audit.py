"""What an audit shows: a row for each version, and each way to repair something once."""

from __future__ import annotations

from packaging.version import Version

from devclikit.terminal.medium import Medium
from release_sync.audit.judgement import judge
from release_sync.audit.published import Audited, Kind, Project, PublishedFile
from release_sync.audit.repair import YANK, Place
from release_sync.cli.reporting.audit import audit_fields, text
from release_sync.run.auditing.audit import GroupAudit

PLAIN = Medium()


def found() -> GroupAudit:
    """Thirty versions of ``app``, of which ``kit`` lacks two."""
    every = [Version(f"1.{number}") for number in range(30)]
    projects = {
        name: Project(
            name,
            {one: (PublishedFile(f"{name}-{one}.tar.gz", Kind.SDIST, one),)
             for one in every if name == "app" or one.minor not in {3, 4}},
        )
        for name in ("app", "kit")
    }  # fmt: skip
    group = Audited("default", frozenset({"app", "kit"}))
    return GroupAudit("default", "exact", judge(group, projects, Place("uv publish")), ("tools",))


def test_a_long_history_is_shown_in_short_and_its_faults_are_all_there() -> None:
    lines = text(found(), PLAIN).splitlines()
    assert [line.split()[:2] for line in lines[1:4]] == [
        ["1.29", "untagged"], ["1.28", "untagged"], ["1.27", "untagged"],
    ]  # fmt: skip
    assert lines[4:] == [
        "1.4            split     -         yes       only of app; nothing of kit; no tag",
        "1.3            split     -         yes       only of app; nothing of kit; no tag",
        "… and 25 more  untagged  -         yes",
        "no release tag of default is here: run `git fetch --tags` if there are some",
        "never published: tools",
        f"repair 1.4: yank 1.4 of app ({YANK}; reason: 1.4 is not whole)",
        f"repair 1.3: yank 1.3 of app ({YANK}; reason: 1.3 is not whole)",
    ]
    assert len(text(found(), PLAIN, named=True, verbose=True).splitlines()) == 1 + 31 + 4


def test_as_json_nothing_is_left_out() -> None:
    fields = audit_fields(found())
    assert (fields["ok"], fields["never"], len(fields["versions"])) == (False, ["tools"], 30)
    assert [one["version"] for one in fields["versions"] if not one["ok"]] == ["1.4", "1.3"]
