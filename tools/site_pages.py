"""Collect the pages of the documentation in one folder, from which the site is built.

On a forge each page is read where it is: the README at the top, `packages/devclikit/README.md`, the
folder `docs`. The site has them in one tree, so the links between them are written anew. A link to
what is not there ends it.
"""

from __future__ import annotations

import re
import shutil
import sys
from os.path import normpath, relpath
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).parents[1]
FOLDERS = {"docs": "", "packages/devclikit/docs": "devclikit"}
"""Folders of the repository, each with its folder on the site."""

FILES = {
    "README.md": "index.md",
    "CHANGELOG.md": "news.md",
    "CONTRIBUTING.md": "contributing.md",
    "benchmarks/README.md": "benchmarks.md",
    "packages/devclikit/README.md": "devclikit/index.md",
}
"""Pages outside of these folders, each with its name on the site."""

LINK = re.compile(
    r"^(?P<fence> *```).*?^ *```$"
    r"|(?P<code>`+)(?!`).*?(?<!`)(?P=code)(?!`)"
    r"|(?P<text>!?\[[^\[\]]*\])"
    r"\((?P<path>[^()\s#]*)(?P<anchor>#[^()\s]*)?\)",
    re.DOTALL | re.MULTILINE,
)
"""A link or a picture; or code, in which nothing is one. Whatever begins first counts."""

HEADING = re.compile(r"^#{1,6} (.+?)$", re.MULTILINE)


def main() -> None:
    """Write all pages, and what they show, to the folder that is named."""
    if wrong := broken():
        raise SystemExit("\n".join(["error: links to what is not there", *wrong]))
    into = Path(sys.argv[1])
    shutil.rmtree(into, ignore_errors=True)
    for path, place in places().items():
        target = into / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            target.write_text(page(path), encoding="utf-8")
        else:
            shutil.copyfile(TOP / path, target)
    (into / "decisions/index.md").write_text(decisions(), encoding="utf-8")
    click.echo(f"{len(places())} files in {into}", err=True)


def places() -> dict[PurePosixPath, PurePosixPath]:
    """Return the path of every file of the documentation, with its path on the site."""
    return {path: place for path in _files() if (place := place_of(path))}


def _files() -> Iterator[PurePosixPath]:
    yield from map(PurePosixPath, FILES)
    for folder in FOLDERS:
        for path in sorted((TOP / folder).rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                yield PurePosixPath(path.relative_to(TOP))


def place_of(path: PurePosixPath) -> PurePosixPath | None:
    """Return the path on the site of a file of the repository, or None: it is not there."""
    if name := FILES.get(str(path)):
        return PurePosixPath(name)
    for folder, there in FOLDERS.items():
        if path.is_relative_to(folder):
            return PurePosixPath(there) / path.relative_to(folder)
    return None


def page(path: PurePosixPath) -> str:
    """Return a page as the site has it: what it links to and the site lacks is text alone."""
    text = (TOP / path).read_text(encoding="utf-8")
    known = places()
    here = known[path].parent

    def link(found: re.Match[str]) -> str:
        if not found["path"] or ":" in found["path"]:
            return found[0]
        place = known.get(linked(path, found["path"]))
        if place is None:
            return found["text"].strip("![]")
        return f"{found['text']}({relpath(place, here)}{found['anchor'] or ''})"

    return LINK.sub(link, text)


def decisions() -> str:
    """Return the page that lists all decisions: on a forge, the folder does."""
    files = sorted((TOP / "docs/decisions").glob("*.md"))
    titles = [file.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") for file in files]
    rows = [f"- [{title}]({file.name})" for title, file in zip(titles, files, strict=True)]
    return "\n".join(["# Decisions\n\nWhy it is as it is, in short dated pages.\n", *rows, ""])


def broken() -> list[str]:
    """Return the links of all pages to files or headings that are not there."""
    pages = [path for path in places() if path.suffix == ".md"]
    headings = {path: anchors((TOP / path).read_text(encoding="utf-8")) for path in pages}
    return [
        f"{path}: {link['path']}{link['anchor'] or ''}"
        for path in pages
        for link in links(path)
        if not _is_there(path, link, headings)
    ]


def _is_there(
    path: PurePosixPath, link: re.Match[str], headings: dict[PurePosixPath, set[str]]
) -> bool:
    if ":" in link["path"]:
        return True
    target = linked(path, link["path"]) if link["path"] else path
    if link["anchor"]:
        return link["anchor"][1:] in headings.get(target, set())
    return (TOP / target).exists()


def links(path: PurePosixPath) -> list[re.Match[str]]:
    """Return the links of a page."""
    found = LINK.finditer((TOP / path).read_text(encoding="utf-8"))
    return [one for one in found if one["text"]]


def anchors(text: str) -> set[str]:
    """Return the anchors that forges make of the headings of a page."""
    plain = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    titles = (LINK.sub(lambda one: one["text"] or one[0], it) for it in HEADING.findall(plain))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def linked(path: PurePosixPath, link: str) -> PurePosixPath:
    """Return the path in the repository of what a page links to."""
    return PurePosixPath(normpath(path.parent / link))


if __name__ == "__main__":
    main()
