"""What ``~/.pypirc`` has for an index; what it can't be read for is said without a word of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.effects.index.address import Address, pypi_uploads, resolve
from release_sync.effects.secrets import index_secrets, masked
from release_sync.effects.uv.pypirc import Entry, entry
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "not-for-anybody"
COMPANY = Address("company", "https://read.invalid/simple/", "https://upload.invalid/legacy/")
NIA = Entry("nia", SECRET)


def section(name: str = "company", url: str = COMPANY.upload, user: str = "nia") -> str:
    return f"[{name}]\nrepository = {url}\nusername = {user}\npassword: {SECRET}\n"


def found(folder: Path, text: str, address: Address = COMPANY, user: str = "") -> Entry | None:
    file = folder / ".pypirc"
    file.write_text(text, encoding="utf-8")
    return entry(address, user, file)


@pytest.mark.parametrize(
    "url",
    [
        "https://upload.invalid/legacy",
        "https://UPLOAD.invalid:443/legacy/",
        "https://someone@upload.invalid/legacy/",
    ],
)
def test_a_repository_is_known_by_its_address_however_it_is_spelled(
    tmp_path: Path, url: str
) -> None:
    assert found(tmp_path, section(url=url)) == NIA


@pytest.mark.parametrize(
    "url",
    [
        "http://upload.invalid/legacy/",
        "https://upload.invalid:444/legacy/",
        "https://upload.invalid:x/legacy/",
        "https://upload.invalid/other/",
        "https://upload.invalid.example/legacy/",
        "",
    ],
)
def test_a_password_is_for_no_other_address(tmp_path: Path, url: str) -> None:
    assert found(tmp_path, section(url=url)) is None


def test_nobody_else_is_taken_for_a_user_that_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, section(), user="nia") == NIA
    assert found(tmp_path, section(), user="nora") is None
    both = section("first", user="nora") + section("second")
    assert found(tmp_path, both, user="nia") == NIA


def test_only_the_sections_that_are_listed_count_where_some_are(tmp_path: Path) -> None:
    listed = "[distutils]\nindex-servers =\n    pypi\n    missing\n    {}\n"
    assert found(tmp_path, listed.format("company") + section()) == NIA
    assert found(tmp_path, listed.format("other") + section()) is None


def test_pypi_and_its_index_for_tests_need_no_address(tmp_path: Path) -> None:
    """Nor a user, as with twine: theirs is the one of tokens."""
    text = f"[pypi]\npassword = {SECRET}\n[testpypi]\nusername = tess\npassword = {SECRET}%(x)\n"
    pypi, tests = resolve("pypi", {}, {}), resolve("testpypi", {}, {})
    assert found(tmp_path, text, pypi) == Entry("__token__", SECRET)
    assert found(tmp_path, text, tests) == Entry("tess", f"{SECRET}%(x)")
    assert found(tmp_path, section("any", pypi_uploads()), pypi) == NIA
    mirror = Address("pypi", "https://mirror.invalid/simple/", "https://mirror.invalid/")
    assert found(tmp_path, text, mirror) is None
    assert found(tmp_path, section("pypi", mirror.upload), pypi) is None


@pytest.mark.parametrize("missing", ["username", "password"])
def test_a_section_without_a_password_or_a_user_is_no_login(tmp_path: Path, missing: str) -> None:
    assert found(tmp_path, section().replace(missing, "comment")) is None


def test_a_file_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    assert entry(COMPANY, "", tmp_path / ".pypirc") is None
    assert entry(COMPANY, "", tmp_path / "file" / ".pypirc") is None
    assert found(tmp_path, "") is None


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (f"password = {SECRET}\n", 1, "a line that is in no section"),
        (f"[company]\n{SECRET}\n", 2, "a line that is no `key = value`"),
        (section() + section(), 5, "a section that is there before"),
        (f"{section()}password = {SECRET}\n", 5, "a key that is there before"),
        (f"[a]\n\npassword = {SECRET}\udcff\n", 3, "not in UTF-8"),
    ],
)
def test_what_can_not_be_read_is_named_by_its_line_alone(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    file = tmp_path / ".pypirc"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Problem) as raised:
        entry(COMPANY, "", file)
    assert raised.value.message == f"{file}:{line}: {why}"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    assert SECRET not in f"{raised.value!r} {raised.value.hint}"


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / ".pypirc").mkdir()
    with pytest.raises(Problem, match="can't be read: Is a directory"):
        entry(COMPANY, "", tmp_path / ".pypirc")


def test_what_was_read_is_masked_and_looked_for_in_what_is_built(tmp_path: Path) -> None:
    secret = "that-of-this-test"
    assert found(tmp_path, section().replace(SECRET, secret)) == Entry("nia", secret)
    assert masked(f"it said {secret}") == "it said ****"
    assert index_secrets({}, "")[secret] == "~/.pypirc"


def test_the_list_of_servers_is_cut_at_any_blank(tmp_path: Path) -> None:
    listed = "[distutils]\nindex-servers = other\tcompany\n"
    assert found(tmp_path, listed + section()) == NIA
    assert found(tmp_path, listed.replace("company", "more") + section()) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (section().replace("\nusername", "\n  username"), "repository"),
        (section().replace("\npassword", "\n  password"), "username"),
        (section().replace(SECRET, f"{SECRET}\0"), "password"),
    ],
)
def test_a_key_that_is_indented_belongs_to_the_one_above(
    tmp_path: Path, text: str, key: str
) -> None:
    with pytest.raises(Problem) as raised:
        found(tmp_path, text)
    assert f".pypirc: the {key} in [company] has several lines" in raised.value.message
    assert SECRET not in f"{raised.value.message}{raised.value.hint}"
