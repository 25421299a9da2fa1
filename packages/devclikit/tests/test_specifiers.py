"""What is a specifier is told as `packaging` tells it, which devclikit does not need."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from devclikit.specifiers import is_dependency_specifier, is_version_specifier

VERSIONS = (
    *("", ">=3.11", ">= 3.11, <4", "==3.*", "!=3.12.0,>=3", "~=3.11", "~=3.11.2", "===weird!"),
    *(">3.11a1", "<3.13.dev1", "==1.0+local.7", "==1!2.0rc1.post3", ">=v3.11", "==3.11.*,"),
    *("3.11", ">=", ">=3.11;", "~=3", ">=3.*", ">=1.0+local", "=>3.11", ">=3.11 <4", "^3.11"),
    *("==3.11.**", "not a version", ">=three", "==1.0.dev1.*", ">=3.11,,<4", ",>=3"),
)
DEPENDENCIES = (
    *("requests", "requests<3", "rich>=13.0,<14", "A.b-c1", "requests[socks,use-chardet]>=2"),
    *("requests (>=2)", "requests [ socks ] >= 2", "x[]", "x@https://example.com/x.whl", "x ()"),
    *("x @ git+https://example.com/x.git@main#subdirectory=y", "x @ file:///tmp/x ; extra == 'a'"),
    "x>=1 ; python_version < '3.12' and (sys_platform == \"linux\" or os_name == 'nt')",
    *("x;python_version<'3'", " x ", "x===1.0-odd", "x==1.*", "x~=1.4.2", "x>=1,"),
    *("", "requests <", "requests 3", "-x", "x-", "x y", "requests>=", "x[a", "x[a b]", "x@"),
    *("x >=1 <2", "x ; ", "x ; python_version ! '3'", "./x", "https://example.com/x.whl", "x~=1"),
    *("x>=1.0+local", "ä", "x # a comment", "==1", "x;", "x(>=1", "x>=1)"),
)


def packaging_reads(kind: type[Requirement | SpecifierSet], text: str) -> bool:
    try:
        kind(text)
    except (InvalidRequirement, InvalidSpecifier):
        return False
    return True


def test_the_tables_have_both_kinds() -> None:
    assert {is_version_specifier(one) for one in VERSIONS} == {True, False}
    assert {is_dependency_specifier(one) for one in DEPENDENCIES} == {True, False}


@pytest.mark.parametrize("text", VERSIONS)
def test_a_version_specifier_is_what_packaging_reads(text: str) -> None:
    assert is_version_specifier(text) is packaging_reads(SpecifierSet, text)


@pytest.mark.parametrize("text", DEPENDENCIES)
def test_a_dependency_specifier_is_what_packaging_reads(text: str) -> None:
    assert is_dependency_specifier(text) is packaging_reads(Requirement, text)


@pytest.mark.parametrize("long", [" ", "1.", "x", "[", ", ", ",>=1", "(", "'", ";x"])
def test_a_long_text_takes_no_time(long: str) -> None:
    began = time.process_time()
    for text in (f"x{long * 2000}!", f"x;{long * 2000}!", f">=1{long * 2000}!"):
        assert not is_dependency_specifier(text)
        assert not is_version_specifier(text)
    assert time.process_time() - began < 2


@settings(deadline=None)
@given(
    text=st.sampled_from(DEPENDENCIES),
    at=st.integers(0, 40),
    put=st.text("ax1.,;=<>~!()[]@ '*+-", max_size=2),
    gone=st.integers(0, 2),
)
def test_what_packaging_reads_is_never_refused(text: str, at: int, put: str, gone: int) -> None:
    changed = text[:at] + put + text[at + gone :]
    assert is_dependency_specifier(changed) or not packaging_reads(Requirement, changed)
