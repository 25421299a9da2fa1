"""What is held against a sibling whose version is behind, can't be read, or comes from tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import LOW

from release_sync.fixes.findings import check
from release_sync.guardrail.hook_result import apply_fixes
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

LOW_PATH = "packages/low/pyproject.toml"


def _policy(place: SmallWorkspace, policy: str, said: str) -> None:
    place.replace("pyproject.toml", '"low==1.0"', f'"{said}"')
    settings = f'[tool.release-sync]\npin = "{policy}"\n[tool.uv.w'
    place.replace("pyproject.toml", "[tool.uv.w", settings)


@pytest.mark.parametrize("said", ["low==9", "low>=9", "low"])
def test_nothing_is_held_against_what_requires_an_unreadable_sibling(
    green: SmallWorkspace, said: str
) -> None:
    _policy(green, "exact", said)
    green.write(LOW_PATH, LOW.replace('version = "1.0"', 'dynamic = ["version"]'))
    assert [one.partition(" ")[2][:5] for one in green.findings()] == ["RS001"]
    apply_fixes(str(green.root))
    assert f'"{said}"' in (green.root / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("policy", "said", "code", "after"),
    [
        ("compatible", "low>=1.0", "RS203", "low>=1.0"),
        ("compatible", "low<1.0", "", "low<1.0"),
        ("compatible", "low~=0.9", "", "low~=1.0"),
        ("compatible", "low~=1.0", "RS203", "low~=1.0"),
        ("exact", "low>=1.0", "RS201", "low==1.0"),
        ("exact", "low<1.0", "RS201", "low==1.0"),
        ("exact", "low>1.0", "RS203", "low==1.0"),
        ("exact", "low==1.0", "", "low==1.0"),
        ("exact", "low==0.9", "RS202", "low==1.0"),
    ],
)
def test_a_range_admits_the_version_that_its_sibling_has_now(
    green: SmallWorkspace, policy: str, said: str, code: str, after: str
) -> None:
    _policy(green, policy, said)
    green.replace(LOW_PATH, '"1.0"', '"0.9"')
    tree = WorkingTree(str(green.root))
    found = {one.code: one for one in check(green.read(), tree)}
    assert found.keys() == {"RS101", *([code] if code else [])}
    assert all(one.fixable for one in found.values())
    assert code != "RS203" or "does not admit 0.9" in found[code].message
    apply_fixes(str(green.root))
    assert f'"{after}"' in (green.root / "pyproject.toml").read_text()
