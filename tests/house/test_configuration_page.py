"""docs/configuration.md names every key of the table, with its default and a true example."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from release_sync.configuration.table import READERS, Configuration, configuration, field_of
from release_sync.schema import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "configuration.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(
    re.findall(r"^### `([\w-]+)`\n(.*?)(?=^#{2,3} |\Z)", PAGE, re.MULTILINE | re.DOTALL)
)
ROWS = re.findall(r"^\| \[`([\w-]+)`\]\(#([\w-]+)\) \| `(.*?)` \| (.+) \|$", PAGE, re.MULTILINE)


def example(key: str) -> dict[str, object]:
    (text,) = re.findall(r"```toml\n(.*?)```", SECTIONS[key], re.DOTALL)
    table: dict[str, object] = tomllib.loads(text)["tool"]["release-sync"]
    return table


def test_every_key_has_its_section_and_no_other_has_one() -> None:
    assert sorted(SECTIONS) == sorted(READERS)


def test_the_table_lists_every_key_in_order_with_its_default() -> None:
    assert [row[0] for row in ROWS] == list(READERS)
    for key, anchor, default, meaning in ROWS:
        assert anchor == key
        assert meaning
        said = tomllib.loads(f"default = {default}")["default"]
        assert said == schema()["properties"][key]["default"]


@pytest.mark.parametrize("key", READERS)
def test_a_key_has_an_example_that_is_understood_and_is_not_the_default(key: str) -> None:
    found = configuration(example(key))
    assert getattr(found, field_of(key)) != getattr(Configuration(), field_of(key))


def words(part: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the values that a part of the schema lets be chosen, and the keys of its tables."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield from words(schema()["definitions"][part["$ref"].rpartition("/")[2]])
        yield from (one for one in part.get("enum", ()) if isinstance(one, str) and one)
        yield from part.get("properties", ())
        for one in part.values():
            yield from words(one)
    elif isinstance(part, list):
        for one in part:
            yield from words(one)


@pytest.mark.parametrize("key", sorted({*READERS} - {"ignore"}))  # its codes have their own page
def test_every_value_and_every_key_within_is_named(key: str) -> None:
    found = {*words(schema()["properties"][key])} - {"default"}  # a group's name, no word of ours
    links = re.findall(r"\]\(#([\w-]+)\)", SECTIONS[key])
    text = "".join([SECTIONS[key], *(SECTIONS[one] for one in links if one in READERS)])
    assert [one for one in found if not re.search(rf"`\"?{one}\"?[` ]", text)] == []


@pytest.mark.parametrize("page", ["groups.md", "steps.md", "configuration.md"])
def test_every_example_on_a_page_is_understood(page: str) -> None:
    texts = re.findall(r"```toml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert texts
    for text in texts:
        assert configuration(tomllib.loads(text)["tool"]["release-sync"]) != Configuration()
