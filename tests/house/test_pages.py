"""The pages of the documentation: their links, and the site that is built from them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from html import unescape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from tools import site_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[2]
NAV = tomllib.loads((HERE / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"]


def listed(entry: Any) -> Iterator[str]:  # noqa: ANN401 - TOML
    if isinstance(entry, str):
        yield entry
    else:
        for one in entry.values() if isinstance(entry, dict) else entry:
            yield from listed(one)


def test_every_link_is_to_a_file_and_a_heading_that_are_there() -> None:
    assert site_pages.broken() == []


def test_a_link_to_what_is_not_there_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in site_pages.FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("# Here, `we` *are*\n", encoding="utf-8")
    text = (
        "[a](docs/none.md), [`b`](docs/x.md#two), ![c](none.svg), `[d](none.md)`\n\n"
        "```\n[e](none.md)\n```\n\n[f](docs/x.md#one-and-a), [g](#here), [h](https://example.com)\n"
    )
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/x.md").write_text("# One, and `a`\n\n```\n# two\n```\n", encoding="utf-8")
    (tmp_path / "README.md").write_text(f"# Here\n\n{text}", encoding="utf-8")
    monkeypatch.setattr(site_pages, "TOP", tmp_path)
    found = [f"README.md: {link}" for link in ("docs/none.md", "docs/x.md#two", "none.svg")]
    assert site_pages.broken() == found


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page() -> None:
    pages = {str(place) for place in site_pages.places().values() if place.suffix == ".md"}
    pages = {one for one in pages if not one.startswith("decisions/")}
    assert pages | {"decisions/index.md"} == {*listed(NAV)}


def test_every_recorded_screen_is_a_picture_on_a_page() -> None:
    shown = {
        site_pages.linked(path, link["path"]).name
        for path in site_pages.places()
        if path.suffix == ".md"
        for link in site_pages.links(path)
        if link["text"].startswith("![")
    }
    assert shown >= {file.name for file in (HERE / "docs/screens").iterdir()}


def test_every_decision_is_listed() -> None:
    files = {file.name for file in (HERE / "docs/decisions").glob("*.md")}
    rows = re.findall(r"^- \[(\w.+)\]\((.+)\)$", site_pages.decisions(), re.MULTILINE)
    assert {name for _, name in rows} == files


def test_links_are_those_of_the_site_on_the_site() -> None:
    text = site_pages.page(PurePosixPath("README.md"))
    assert "](glossary.md)" in text
    assert "](contributing.md)" in text
    assert "](docs/" not in text


def lost(site: Path) -> Iterator[str]:
    """Yield the links of a built site that lead to no file, or to no place within it."""
    texts = {page.resolve(): page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    places = {page: {*re.findall(r'\bid="?([^"\s>]+)', text)} for page, text in texts.items()}
    for page, text in texts.items():
        for link in map(unescape, re.findall(r'(?:href|src)="?([^"\s>]+)', text)):
            parts = urlsplit(link)
            target = (page.parent / parts.path.lstrip("/") if parts.path else page).resolve()
            target = target / "index.html" if target.is_dir() else target
            is_ours = not (parts.scheme or parts.netloc)
            is_there = target.exists() and (
                not parts.fragment
                or parts.fragment.startswith("__")  # the theme's own
                or parts.fragment in places.get(target, ())
            )
            if is_ours and not is_there:
                yield f"{page.relative_to(site.resolve())}: {link}"


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_the_site_is_built_and_asks_no_other_host() -> None:
    subprocess.run(["make", "docs"], cwd=HERE, check=True, capture_output=True)
    pages = sorted((HERE / "site").rglob("*.html"))
    assert len(pages) > len([*listed(NAV)])
    fetched = r"<(?:script|img|iframe)[^>]*src=\"?(?:https?:)?//|<link[^>]*href=\"?(?:https?:)?//"
    found = [page for page in pages if re.search(fetched, page.read_text(encoding="utf-8"))]
    assert found == []
    assert [*lost(HERE / "site")] == []


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_a_broken_link_ends_the_build(tmp_path: Path) -> None:
    subprocess.run(["make", "docs"], cwd=HERE, check=True, capture_output=True)
    shutil.copytree(HERE / ".docs/pages", tmp_path / ".docs/pages")
    shutil.copy(HERE / "zensical.toml", tmp_path)
    page = tmp_path / ".docs/pages/glossary.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n[x](rules.md#none)\n", encoding="utf-8")
    zensical = HERE / ".docs/environment/bin/zensical"
    done = subprocess.run(
        [zensical, "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "glossary.md" in done.stderr
    assert "1 issue found" in done.stderr
