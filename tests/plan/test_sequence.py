"""What a release is made of: the members that bring all others along."""

from __future__ import annotations

from release_sync.plan.sequence import roots
from release_sync.seals.artifact import Expected


def member(name: str, *requires: str) -> Expected:
    return Expected(name, f"packages/{name}", "1.0", requires)


def test_a_root_is_what_no_other_member_requires() -> None:
    members = (
        member("core"),
        member("cli", "core==1.0", "elsewhere>=2"),
        member("docs"),
        member("app", 'CLI[all]==1.0; python_version > "3"'),
    )
    assert roots(members) == ("docs", "app")
