"""docs/configuration.md names every key of the table, with its default and a true example."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from release_sync.configuration.table import READERS, Configuration, configuration, field_of
from release_sync.schema import schema

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


def test_every_value_that_can_be_chosen_is_named() -> None:
    properties = schema()["properties"]
    for key, choices in {
        "pin": schema()["definitions"]["policy"]["enum"],
        "pins": schema()["definitions"]["edge"]["enum"],
        "land": properties["land"]["enum"],
        "after": properties["after"]["enum"],
        "isolation": properties["isolation"]["enum"],
    }.items():
        assert [one for one in choices if f'`"{one}"`' not in SECTIONS[key]] == []


@pytest.mark.parametrize("page", ["groups.md", "steps.md", "configuration.md"])
def test_every_example_on_a_page_is_understood(page: str) -> None:
    texts = re.findall(r"```toml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert texts
    for text in texts:
        assert configuration(tomllib.loads(text)["tool"]["release-sync"]) != Configuration()
