"""What is a requirement: decided at once where that is plain, and always as PEP 508 does."""

from __future__ import annotations

import pytest
from packaging.requirements import InvalidRequirement, Requirement

from release_sync.standards.specifiers import is_requirement

TEXTS = (
    "hatchling", " hatchling ", "hatchling==1.27", "hatchling >= 1.27, < 2", "hatchling (>=1)",
    "hatchling[a,b]>=1", "hatchling==1.*", "hatchling>=1; python_version < '4'",
    "hatchling @ file:///x", "hatchling~=1.0.dev1", "hatchling===any", "hatchling<2,",
    "hatchling=1.27", "hatchling==", "hatchling=>1", "hatchling 1.27", "hatchling==1.x", "", " ",
    "-", "hatchling>=1 <2", "hatchling[a", "hatchling[a b]>=1", "hatchling(>=1", "hatchling>=1.*",
    "hatchling; nothing", "hatchling =={{ version }}", "hatchling~=1", "a-", "a-==1", "./here",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_requirement_is_what_pep_508_calls_one(text: str) -> None:
    try:
        Requirement(text)
    except InvalidRequirement:
        assert not is_requirement(text)
    else:
        assert is_requirement(text)
