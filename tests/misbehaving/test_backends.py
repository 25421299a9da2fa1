"""Backends that answer what no backend may, or nothing: clear words, for the user to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD, environ, make_scene, scene
from tests.fakes.builds import attempts
from tests.fakes.plain_backend import BACKEND, SYSTEM, write_member

from release_sync.effects.isolation.isolation import choose
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Scene

    from release_sync.effects.build.member_build import MemberBuild

__all__ = ["environ", "make_scene", "scene"]  # the fixtures of the end-to-end tests are ours too

SDIST = "\ndef build_sdist(folder, settings=None):\n    "
WHEEL = "\ndef build_wheel(folder, settings=None, metadata=None):\n    "
ASKED = "\ndef get_requires_for_build_sdist(settings=None):\n    "
ANSWER = f"import sys{SDIST}file = sys.argv[2] + '/output.json'; "
ARCHIVE = f"""{SDIST}name = stem + ".tar.gz"
    with tarfile.open(folder + "/" + name, "w:gz") as archive:
        add(archive)
    return name

def add(archive):
    """
LINK = """entry = tarfile.TarInfo(stem + "/link")
    entry.type, entry.linkname = tarfile.LNKTYPE, stem + "/gone"
    archive.addfile(entry)"""

FILE = "one_two-1.0-py3-none-any.whl"
MADE = "it says that it made "
SILENT = "its hook build_sdist ended with exit status "
UNPACKED = "one_two-1.0.tar.gz can't be unpacked: "

FAILING = {
    "ends": (f"{SDIST}os._exit(0)", f"{SILENT}0, and did not answer"),
    "ends with a status": (f"{SDIST}os._exit(3)", f"{SILENT}3, and did not answer"),
    "ends, and says why": (f"{SDIST}print('bad day', flush=True); os._exit(3)", "bad day"),
    "ends while imported": ("\nos._exit(0)", "its hook get_requires_for_build_sdist ended with"),
    "ends in its wheel": (f"{WHEEL}os._exit(0)", "its hook build_wheel ended with exit status 0"),
    "kills itself": (f"{SDIST}os.kill(os.getpid(), 9)", f"{SILENT}137, and did not answer"),
    "gives up": (f"{SDIST}raise SystemExit('no luck')", "no luck"),
    "is interrupted": (f"{SDIST}raise KeyboardInterrupt", "KeyboardInterrupt"),
    "reads its input": (f"{SDIST}input('sure? ')", "EOFError: EOF when reading a line"),
    "removes its answers": (
        f"import shutil, sys{SDIST}shutil.rmtree(sys.argv[2]); os._exit(0)",
        f"{SILENT}0, and did not answer",
    ),
    "makes a second wheel": (
        f"\nhonest = build_wheel{WHEEL}open(folder + '/more.whl', 'w'); return honest(folder)",
        f"it made more.whl beside {FILE}, and named that alone",
    ),
    "has no hook": ("\ndel build_sdist", "module 'own' has no attribute 'build_sdist'"),
    "answers no JSON": (
        f"{ANSWER}open(file, 'w').write('odd'); os._exit(0)",
        "its hook build_sdist did not answer as it should: Expecting value",
    ),
    "answers too deep": (
        f"{ANSWER}open(file, 'w').write('[' * 400_000); os._exit(0)",
        "its hook build_sdist did not answer as it should: ",
    ),
    "answers no object": (
        f"{ANSWER}open(file, 'w').write('[]'); os._exit(0)",
        "its hook build_sdist did not answer as it should: ",
    ),
    "answers with a folder": (f"{ANSWER}os.mkdir(file); os._exit(0)", f"{SILENT}0, and did not"),
    "asks for an address": (
        "\ndef get_requires_for_build_sdist(*_):\n    return ['x @ https://h.invalid/what-it-read']",
        "get_requires_for_build_sdist asks for what is at a URL",
    ),
    "names nothing": (f"{SDIST}return None", f"{MADE}None, which is no file name"),
    "names a number": (f"{SDIST}return 5", f"{MADE}5, which is no file name"),
    "names a path": (f"{SDIST}return '../a.tar.gz'", f"{MADE}'../a.tar.gz', which is no file name"),
    "names its folder": (f"{SDIST}return ''", f"{MADE}'', which is no file name"),
    "names a parent": (f"{SDIST}return '..'", f"{MADE}'..', which is no file name"),
    "names no text": (f"{SDIST}return 'a\\0b'", f"{MADE}'a\\x00b', which is no file name"),
    "names half a letter": (
        f"{SDIST}return 'a\\ud800'",
        f"{MADE}'a\\ud800', which is no file name",
    ),
    "names lines": (f"{SDIST}return 'a\\n::b'", f"{MADE}'a\\n::b', which is no file name"),
    "names what is not there": (f"{SDIST}return 'a.tar.gz'", "it made no file a.tar.gz"),
    "names at length": (f"{SDIST}return 'a' * 999", f"it made no file {'a' * 80} "),
    "makes a link": (
        f"{WHEEL}os.symlink('own.py', folder + '/a.whl'); return 'a.whl'",
        "it made no file a.whl (a link is none)",
    ),
    "makes a folder": (
        f"{WHEEL}os.mkdir(folder + '/a.whl'); return 'a.whl'",
        "it made no file a.whl",
    ),
    "makes a pipe": (
        f"{WHEEL}os.mkfifo(folder + '/a.whl'); return 'a.whl'",
        "it made no file a.whl",
    ),
    "makes one name twice": (
        f"{WHEEL}open(folder + f'/{{stem}}.tar.gz', 'w'); return f'{{stem}}.tar.gz'",
        "it made one_two-1.0.tar.gz twice",
    ),
    "asks for nothing at all": (
        f"{ASKED}return None",
        "get_requires_for_build_sdist answered None",
    ),
    "asks for a number": (f"{ASKED}return [5]", "get_requires_for_build_sdist answered [5]"),
    "asks for an option": (f"{ASKED}return ['-x']", "it asks for '-x', which is no requirement"),
    "makes no archive": (
        f"{SDIST}open(folder + '/a.tar.gz', 'w').write('a'); return 'a.tar.gz'",
        "a.tar.gz can't be unpacked: ",
    ),
    "makes an empty archive": (f"{ARCHIVE}pass", f"{UNPACKED}it holds no folder"),
    "makes an archive of files": (
        f"{ARCHIVE}archive.add('own.py')",
        f"{UNPACKED}it holds no folder",
    ),
    "makes an archive that leads out": (f"{ARCHIVE}archive.add('own.py', '../a')", UNPACKED),
    "makes an archive with a loose link": (f"{ARCHIVE}{LINK}", f"{UNPACKED}"),
    "leaves itself out": (
        f"{ARCHIVE}archive.add('pyproject.toml', stem + '/pyproject.toml')",
        "Cannot find module 'own'",
    ),
}
"""What a backend does, and what is said of it."""

NOISE = "import sys; print('7 0'); print('7 0', file=sys.stderr); os.write(1, b'7 0\\n')"
FINE = {
    "prints while imported": f"\n{NOISE}\n",
    "prints a lot": f"{ASKED}print('7 0\\n' * 500_000); return []",
    "warns": (
        "import warnings\nhonest = build_sdist"
        f"{SDIST}warnings.warn('\\x1b[2J::error::'); return honest(folder)"
    ),
    "leaves more than it says": (
        "\nhonest = build_wheel"
        f"{WHEEL}open(folder + '/more.log', 'w').close(); return honest(folder)"
    ),
    "links what nobody reads": (
        "import sys\nhonest = build_sdist"
        f"{SDIST}os.symlink('/nowhere/at/all', sys.argv[2] + '/modules.json')"
        "; return honest(folder)"
    ),
}
"""What a backend may do; these are built."""

NOTES = {
    "leaves more than it says": (
        f"the wheel build of one-two left more.log beside {FILE}: not published",
    )
}


@pytest.fixture(scope="module", params=["auto", pytest.param("off", marks=pytest.mark.slow)])
def builds(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, MemberBuild]]:
    """One member with each backend, to be built in one environment."""
    top = tmp_path_factory.mktemp("backends") / "all"
    texts = {**{case: text for case, (text, _) in FAILING.items()}, **FINE}
    for number, text in enumerate(texts.values()):
        write_member(top / f"packages/{number}", "one-two", f"{BACKEND}\n{text}\n")
    (top / "pyproject.toml").touch()
    members = [f"packages/{number}" for number in range(len(texts))]
    with attempts(top, *members, isolation=choose(request.param)) as found:
        yield dict(zip(texts, found, strict=True))


@pytest.mark.parametrize("case", FAILING)
def test_a_backend_that_misbehaves_is_said_to(case: str, builds: dict[str, MemberBuild]) -> None:
    with pytest.raises(Problem) as caught:
        builds[case].run()
    first, _, more = caught.value.message.partition("\n")
    assert FAILING[case][1] in first
    assert first.startswith(("one-two does not build: ", "one-two can't be built: "))
    assert "fork_server" not in more
    assert caught.value.hint


@pytest.mark.parametrize("case", FINE)
def test_what_is_nobodys_business_is_built(case: str, builds: dict[str, MemberBuild]) -> None:
    built = builds[case].run()
    names = [file.name for file in built.files]
    assert names == ["one_two-1.0.tar.gz", "one_two-1.0-py3-none-any.whl"]
    assert built.notes == NOTES.get(case, ())
    assert len([*built.files[0].parent.iterdir()]) == 2


def test_a_release_with_such_a_backend_ends_with_an_error_and_changes_nothing(scene: Scene) -> None:
    text, _ = FAILING["ends"]
    path = "packages/workstack-kit/"
    manifest = (scene.clone / path / "pyproject.toml").read_text(encoding="utf-8")
    scene.write(f"{path}pyproject.toml", manifest.replace(BUILD, SYSTEM))
    scene.write(f"{path}own.py", f"{BACKEND}\n{text}\n")
    scene.commit("End early")
    scene.git("push", "-q", "origin", "main")
    before = scene.state()
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert f"error: workstack-kit does not build: {SILENT}0, and did not answer\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert scene.state() == before
