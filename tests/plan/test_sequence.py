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


def test_what_only_an_extra_brings_along_is_a_root() -> None:
    members = (member("plugin"), member("app", "plugin==1.0; extra == 'all'", "app[all]==1.0"))
    assert roots(members) == ("plugin", "app")


def test_of_members_that_require_each_other_one_is_a_root() -> None:
    circle = (member("kit", "app==1.0"), member("app", "kit==1.0"))
    assert roots(circle) == ("app",)
    assert roots((*circle, member("cli", "kit==1.0"))) == ("cli",)
    by_extra = (member("kit", "app==1.0; extra == 'cli'"), member("app", "kit==1.0"))
    assert roots(by_extra) == ("app",)
