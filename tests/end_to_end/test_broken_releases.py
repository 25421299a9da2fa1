"""A catalogue of broken releases: each is built for real, and all are found before the upload."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

from tests.end_to_end.conftest import BUILD
from tests.fakes.plain_backend import BACKEND, MANIFEST, SYSTEM

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

WHEEL = "-0.1.11-py3-none-any.whl"


class Broken(NamedTuple):
    """What a backend does otherwise (old and new code), and what is said of it."""

    old: str
    new: str
    says: str
    file: str = WHEEL


METADATA = 'for one in project.get("dependencies", ()):\n'
INFO = '    info = f"{stem}.dist-info"\n'
WRITTEN = "            archive.writestr(zipfile.ZipInfo(path), text)\n"


def more(lines: str) -> tuple[str, str]:
    """Add lines to the metadata."""
    return METADATA, f'metadata += "{lines}"\n{METADATA}'


CATALOGUE = {
    "twice": Broken(WRITTEN, WRITTEN * 2, "holds twice/__init__.py twice"),
    "stale": Broken("{one}", "{one.replace('0.1.11', '0.1.10')}",
                    "its metadata lack Requires-Dist: fine==0.1.11"),
    "silent": Broken("Requires-Dist: {one}", "Keywords: {len(one)}",
                     "its metadata lack Requires-Dist: fine==0.1.11"),
    "rendered": Broken(
        *more("Description-Content-Type: text/x-rst\\nDescription: .. nope::\\n"),
        'its description does not render: line 1: Unknown directive type "nope".'),
    "empty": Broken('packaged("src")', "()", "lacks packages/empty/src/empty of empty"),
    "direct": Broken(*more("Requires-Dist: x @ https://example.invalid/x.whl\\n"),
                     "requires x from an address, which public indexes refuse"),
    "linux": Broken("-py3-none-any.whl", "-py3-none-linux_x86_64.whl",
                    "is for linux_x86_64, which public indexes refuse",
                    "-0.1.11-py3-none-linux_x86_64.whl"),
    "other": Broken("\\nVersion: {project['version']}", "\\nVersion: 9",
                    "its metadata say Version: 9"),
    "pythons": Broken("Requires-Python: {project['requires-python']}", "Keywords: any",
                      "its metadata say Requires-Python: nothing, and not >=3.11"),
    "licence": Broken(*more("License-File: NOTHING\\n"),
                      "lacks the licence file NOTHING that its metadata name"),
    "unknown": Broken("Metadata-Version: 2.1", "Metadata-Version: 9.9",
                      "its metadata are not valid: '9.9' is not a valid metadata version"),
    "recorded": Broken("{digest(text)}", "{digest('x')}",
                       "its RECORD has another hash of recorded/__init__.py"),
    "escaped": Broken(INFO, f'{INFO}    files["../evil"] = ""\n',
                      "holds '../evil', a path outside"),
    "local": Broken("{project['version']}\"\nmetadata", "{project['version']}+cu12\"\nmetadata",
                    "has a local version, 0.1.11+cu12, which public indexes refuse",
                    "-0.1.11+cu12-py3-none-any.whl"),
}  # fmt: skip
"""Members, and how each is broken. A control, ``fine``, is not."""

SOURCES = "[tool.uv.sources]\nfine = { workspace = true }\n"
NEEDS = {"stale": ("fine",), "silent": ("fine",)}


def test_all_that_is_broken_is_said_in_one_run(scene: Scene) -> None:
    for name in ("fine", *CATALOGUE):
        broken = CATALOGUE.get(name, Broken("", "", ""))
        assert broken.old in BACKEND, name
        write(scene, name, BACKEND.replace(broken.old, broken.new) if broken.old else BACKEND)
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    scene.commit("Break everything")
    scene.git("push", "-q", "origin", "main")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    said = done.stderr.partition("error: what was built is not what should be released\n")[2]
    for name, broken in CATALOGUE.items():
        assert f"    {name}{broken.file}: {broken.says}" in said
    assert "fine" not in said.replace("fine==", "")
    assert "the set was not installed, because of these" in said
    assert scene.state() == before


def write(scene: Scene, name: str, backend: str) -> None:
    """Write a member that is built by its own code."""
    pins = [f"{one}==0.1.10" for one in NEEDS.get(name, ())]
    manifest = MANIFEST.format(name=name, version="0.1.10")
    scene.write(
        f"packages/{name}/pyproject.toml",
        manifest.replace(
            f"\n{SYSTEM}", f"dependencies = {pins}\n\n{SYSTEM}{SOURCES if pins else ''}"
        ),
    )
    scene.write(f"packages/{name}/src/{name}/__init__.py", "")
    scene.write(f"packages/{name}/own.py", backend)


def test_what_only_an_installation_finds(scene: Scene) -> None:
    points = '[project.scripts]\nfine = "fine:__doc__"\nbroken = "fine:missing"\n\n'
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", root.replace(BUILD, f"{points}{BUILD}"))
    write(scene, "fine", BACKEND)
    write(scene, "spaced", BACKEND)
    (scene.clone / "packages/spaced/src/spaced/__init__.py").unlink()
    scene.write("packages/spaced/src/spaced/part/__init__.py", "import nobody_has_this\n")
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    scene.commit("Break what is installed")
    scene.git("push", "-q", "origin", "main")
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    said = done.stderr.partition("error: what was built is not what should be released\n")[2]
    assert "    spaced.part can't be imported: ModuleNotFoundError: " in said
    assert "    the entry point `broken = fine:missing` (console_scripts) can't be loaded: " in said
    assert "fine:__doc__" not in said
