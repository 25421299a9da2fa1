"""A catalogue of broken releases: each is built for real, and all are found before the upload."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from tests.end_to_end.conftest import BUILD
from tests.fakes.plain_backend import BACKEND, MANIFEST, SYSTEM

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

WHEEL = "-0.1.11-py3-none-any.whl"


class Broken(NamedTuple):
    """What a backend does otherwise (old and new code), and what is said of it.

    ``module`` is what the member's only module has, ``file`` of what it is said: ``{}`` are the
    Pythons.
    """

    old: str
    new: str
    says: str
    file: str = f"{WHEEL}: "
    module: str = ""


METADATA = 'for one in project.get("dependencies", ()):\n'
INFO = '    info = f"{stem}.dist-info"\n'
WRITTEN = "            archive.writestr(zipfile.ZipInfo(path), text)\n"
UNPACKED = "def build_wheel(folder, settings=None, metadata_folder=None):\n"


def more(lines: str) -> tuple[str, str]:
    """Add lines to the metadata."""
    return METADATA, f'metadata += "{lines}"\n{METADATA}'


def filed(path: str, content: str) -> tuple[str, str]:
    """Add a file to the wheel; a path that begins with INFO is in its dist-info."""
    return INFO, f"{INFO}    files[{path}] = {content!r}\n"


ALONE = {
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
                    "-0.1.11-py3-none-linux_x86_64.whl: "),
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
    "escaped": Broken(*filed("'../evil'", ""), "holds '../evil', a path outside"),
    "local": Broken("{project['version']}\"\nmetadata", "{project['version']}+cu12\"\nmetadata",
                    "has a local version, 0.1.11+cu12, which public indexes refuse",
                    "-0.1.11+cu12-py3-none-any.whl: "),
    "called": Broken('    name = f"{stem}-py3', '    name = f"{stem.upper()}-py3',
                     "CALLED-0.1.11-py3-none-any.whl: should be called called-0.1.11-py3-none-any"
                     ".whl, and uv does not upload it under another name", ""),
    "partial": Broken('        for path in packaged("."):\n',
                      '        for path in packaged("."):\n'
                      '            if path.startswith("src"):\n                continue\n',
                      "lacks packages/partial/src/partial of partial"),
    "changed": Broken('            archive.add(path, f"{stem}/{path}")\n',
                      '            text = b"0" if "src" in path else open(path, "rb").read()\n'
                      '            one = tarfile.TarInfo(f"{stem}/{path}")\n'
                      '            one.size = len(text)\n'
                      '            archive.addfile(one, io.BytesIO(text))\n',
                      "has another changed/__init__.py than the tree: the sdist changes it",
                      module="1\n"),
    "unbuilt": Broken(UNPACKED, f'{UNPACKED}    assert not os.path.exists("PKG-INFO"), "no"\n',
                      "unbuilt does not build: AssertionError: no", ""),
    "stray": Broken(INFO, f'{INFO}    open(os.path.join(folder, "stray.whl"), "w").close()\n',
                    "stray does not build: it made stray.whl beside stray-0.1.11-py3-none-any.whl,"
                    " and named that alone", ""),
}  # fmt: skip
"""Members whose artifacts are wrong by themselves, and how. A control, ``fine``, is right."""

TOGETHER = {
    "first": Broken(*filed("'shared.py'", "1"), "-0.1.11-py3-none-any.whl"
                    " and in second-0.1.11-py3-none-any.whl", ""),
    "second": Broken(*filed("'shared.py'", "2"),
                     "shared.py is in first-0.1.11-py3-none-any.whl and in second", ""),
    "careless": Broken("", "", "careless/__init__.py imports fine, which is fine's, and"
                       " careless does not require that", module="import fine\n"),
    "leaning": Broken("", "", "leaning can't be imported: RuntimeError: fine is not here",
                      " on Python {}: ", "try:\n    import fine\nexcept ImportError:\n"
                      "    raise RuntimeError('fine is not here')\n"),
    "wrong": Broken("", "", "wrong can't be imported: SyntaxError: ", " on Python {}: ", "def\n"),
    "older": Broken("", "", "allows Python 3.9 (>=3.9), and fine, which it requires, does not"
                    " (>=3.11)"),
    "pointed": Broken(*filed("f'{stem}.dist-info/entry_points.txt'",
                             "[console_scripts]\ngo = pointed:missing\n"),
                      "the entry point `go = pointed:missing` (console_scripts) can't be loaded: ",
                      " on Python {}: "),
    "extra": Broken(*more("Provides-Extra: gone\\n"
                          "Requires-Dist: fine==9; extra == 'gone'\\n"),
                    "can't be installed: Because there is no version of fine==9 and ",
                    "[gone] on Python {}: "),
    "leaky": Broken(*more("Requires-Dist: sniffio\\n"),
                    "can't be installed: Because there are no versions of sniffio and all",
                    " on Python {}: "),
    "covered": Broken(*more("Requires-Dist: idna>=9999\\n"),
                      "can't be installed: Because only idna", " on Python {}: "),
}  # fmt: skip
"""Members that are wrong only once they are installed, or beside another."""


def test_all_that_is_broken_is_said_in_one_run(scene: Scene) -> None:
    everything = {**ALONE, **TOGETHER}
    for name, broken in {"fine": FINE, **everything}.items():
        assert broken.old in BACKEND, name
        backend = BACKEND.replace(broken.old, broken.new) if broken.old else BACKEND
        write(scene, name, backend, broken.module)
    write(scene, "spaced", BACKEND)
    (scene.clone / "packages/spaced/src/spaced/__init__.py").unlink()
    scene.write("packages/spaced/src/spaced/part/__init__.py", "import nobody_has_this\n")
    scene.write("packages/private/pyproject.toml", PRIVATE)
    points = '[project.scripts]\nfine = "workstack_app:__loader__.is_package"\n'
    points += 'broken = "workstack_app:no"\n\n'
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    root = root.replace('verify = "quick"', 'verify = "full"').replace(BUILD, f"{points}{BUILD}")
    scene.write("pyproject.toml", f"{root}{OVERRIDE}")
    said = published(scene)
    for name, broken in everything.items():
        start = f"    {name}{broken.file}" if broken.file else ""
        assert re.search(
            f"{re.escape(start)}{re.escape(broken.says)}".replace(r"\{\}", ON), said
        ), name
    assert re.search(f"spaced on Python {ON}: spaced.part can't be imported: ModuleNotFound", said)
    assert "the entry point `broken = workstack_app:no` (console_scripts) can't be loaded: " in said
    assert "workstack_app:__loader__" not in said
    assert not re.search(r"^    (fine|workstack-kit)\S* on Python", said, re.MULTILINE)
    untried = said.partition("not installed, because of these: ")[2].partition("\n")[0].split(", ")
    assert {*untried} == {*ALONE} - {"unbuilt", "stray"}
    assert max(map(len, said.split("\n"))) < 500
    assert "if only this machine can't install it" in said


ON = r"3\.\d+(?: and 3\.\d+)?"
FINE = Broken("", "", "")
OVERRIDE = '\n[tool.uv]\noverride-dependencies = ["idna==3.10"]\n'
PRIVATE = (
    '[project]\nname = "sniffio"\nversion = "0.1.10"\nclassifiers = ["Private :: Do Not Upload"]\n'
)
SOURCES = "[tool.uv.sources]\nfine = { workspace = true }\n"
NEEDS = {"stale": ("fine",), "silent": ("fine",), "older": ("fine",)}
PYTHONS = {"older": ">=3.9"}


def published(scene: Scene) -> str:
    """Commit and publish what is broken; return what is said of it: nothing else was changed."""
    del scene.environ["TMPDIR"]  # so that it is tried in memory
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    scene.commit("Break it")
    scene.git("push", "-q", "origin", "main")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert scene.state() == before
    return done.stderr.partition("error: ")[2]


def write(scene: Scene, name: str, backend: str, module: str = "") -> None:
    """Write a member that is built by its own code."""
    pins = [f"{one}==0.1.10" for one in NEEDS.get(name, ())]
    manifest = MANIFEST.format(name=name, version="0.1.10")
    manifest = manifest.replace(">=3.11", PYTHONS.get(name, ">=3.11"))
    scene.write(
        f"packages/{name}/pyproject.toml",
        manifest.replace(
            f"\n{SYSTEM}", f"dependencies = {pins}\n\n{SYSTEM}{SOURCES if pins else ''}"
        ),
    )
    scene.write(f"packages/{name}/src/{name}/__init__.py", module)
    scene.write(f"packages/{name}/own.py", backend)


def test_quick_installs_the_set_together(scene: Scene) -> None:
    scene.write("packages/workstack-kit/src/workstack_kit/late.py", "")
    scene.write("packages/workstack-kit/src/workstack_kit/__init__.py", "import nobody_has_this\n")
    said = published(scene)
    assert "workstack_kit can't be imported: ModuleNotFoundError: No module named 'nobody" in said
    assert " on Python" not in said


def test_metadata_installs_nothing(scene: Scene) -> None:
    root = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", root.replace('verify = "quick"', 'verify = "metadata"'))
    scene.write("packages/workstack-kit/src/workstack_kit/__init__.py", "import nobody_has_this\n")
    scene.commit("Break what nobody looks at")
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "4 artifacts; nothing was installed" in done.stderr
