"""Scripts of the repository, the real ones: what they are given, and what they are kept from."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.chat import chat
from tests.fakes.small_workspace import LOW, ROOT, SmallWorkspace

from release_sync.effects.build.artifact_store import ArtifactStore
from release_sync.effects.git.repository import open_repository
from release_sync.effects.isolation.isolation import choose
from release_sync.effects.own_steps.scripts import RepositoryScripts
from release_sync.effects.scratch import Scratch
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem
from release_sync.seals.artifact import Artifact
from release_sync.steps.ports.scripts import Script

EXAMPLES = Path(__file__).parents[3] / "docs" / "steps"
HEAD = "# /// script\n# dependencies = []\n# ///\n"
LOOKS = """
import json, os, sys
from pathlib import Path
about = json.load(sys.stdin)
given = Path(about.pop("artifacts"))
Path("new").touch()
Path("pyproject.toml").write_text("")
print(json.dumps({
    "about": about,
    "arguments": sys.argv[1:],
    "artifacts": {one.name: one.read_text() for one in given.iterdir()},
    "secrets": sorted(name for name in os.environ if "secret" in os.environ[name]),
    "chat": os.environ["CHAT_WEBHOOK"],
    "uv": Path(os.environ["UV"]).name,
    "tools": sorted(os.listdir("tools")),
}))
"""
TRIES = """
import os, sys

def trying(what, act):
    try:
        act()
    except Exception as error:
        print(f"{what}: {type(error).__name__}")
    else:
        print(f"{what}: done")

given = __import__("json").load(sys.stdin)["artifacts"]
trying("repository", lambda: open(sys.argv[1], "w"))
trying("machine", lambda: open("/etc/x", "w"))
trying("artifact", lambda: open(given + "/x", "w"))
trying("terminal", lambda: open("/dev/tty"))
trying("question", lambda: input())
others = [open(f"/proc/{one}/environ").read() for one in os.listdir("/proc") if one.isdigit()]
print([one for one in others if "secret" in one])
sys.exit("a \x1b[31mreason")
"""
ABOUT = {"format": 1, "point": "verify"}
SECRETS = {
    "UV_PUBLISH_TOKEN": "pypi-a-secret-token",
    "UV_INDEX_ACME_PASSWORD": "a-secret-to-read",
    "CHAT_WEBHOOK": "http://127.0.0.1:9/hook",
}
FILE = "low-1.0-py3-none-any.whl"


class Scene:
    """A repository with scripts, its store with an artifact, and what runs in it."""

    def __init__(self, root: Path) -> None:
        made = SmallWorkspace(root / "work")
        for path, text in {
            "pyproject.toml": ROOT,
            "packages/low/pyproject.toml": LOW,
            "tools/looks.py": f"{HEAD}{LOOKS}",
            "tools/bare.py": "print('no block')\n",
            "tools/announce.py": (EXAMPLES / "announce.py").read_text(),
        }.items():
            made.write(path, text)
        made.commit()
        (made.root / "tools" / "link.py").symlink_to(root / "outside.py")
        (root / "outside.py").write_text(HEAD)
        made.commit()
        self.root, self.work = root, made.root
        self.repository = open_repository(str(made.root))
        folder = root / "store"
        folder.mkdir()
        (folder / FILE).write_bytes(b"a wheel")
        self.artifact = Artifact("low", FILE, 7, hashlib.sha256(b"a wheel").hexdigest())
        self.scratch = Scratch(self.repository, root / "records")

    def scripts(
        self, seconds: float = 60, isolation: str = "auto", **environ: str
    ) -> RepositoryScripts:
        known = {**os.environ, **SECRETS, **environ}
        uv = Uv(known).isolated(choose(isolation))
        store = ArtifactStore(self.root / "store")
        return RepositoryScripts(self.repository, ".", uv, store, self.scratch, seconds)

    def run(self, *line: str, seconds: float = 60, isolation: str = "auto", **environ: str) -> str:
        commit = self.repository.head()
        runner = self.scripts(seconds, isolation, **environ)
        return runner.run(Script(line), commit, ABOUT, [self.artifact])


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scripts"))


def failure(scene: Scene, *line: str, seconds: float = 60) -> Problem:
    with pytest.raises(Problem) as raised:
        scene.run(*line, seconds=seconds)
    return raised.value


@pytest.mark.parametrize("isolation", ["auto", "off"])
def test_a_script_is_told_of_the_release_and_changes_a_copy_of_the_commit(
    scene: Scene, isolation: str
) -> None:
    line = {"auto": ["tools/looks.py"], "off": ["python3", "-c", LOOKS]}[isolation]
    assert json.loads(scene.run(*line, "--quiet", isolation=isolation)) == {
        "about": ABOUT,
        "arguments": ["--quiet"],
        "artifacts": {FILE: "a wheel"},
        "secrets": [],
        "chat": SECRETS["CHAT_WEBHOOK"],
        "uv": "uv",
        "tools": ["announce.py", "bare.py", "link.py", "looks.py"],
    }
    assert not (scene.work / "new").exists()
    assert (scene.work / "pyproject.toml").read_text() == ROOT
    scene.scratch.sweep()
    assert list(scene.scratch.records.iterdir()) == []


def test_what_a_step_may_not_do_ends_it_with_a_clear_error(scene: Scene) -> None:
    outside = scene.work / "outside"
    tried = failure(scene, "python3", "-c", TRIES, str(outside))
    assert tried.message.partition("failed with 1: ")[2].split("\n") == [
        "a \x1b[31mreason",  # the screen shows no control character of anybody
        "    repository: FileNotFoundError",  # no cell shows it
        "    machine: OSError",
        "    artifact: OSError",
        "    terminal: FileNotFoundError",
        "    question: EOFError",
        "    []",
    ]
    assert not outside.exists()
    late = failure(scene, "sh", "-c", "echo here; sleep 60 & sleep 60", seconds=1)
    assert late.message == (
        "sh -c echo here; sleep 60 & sleep 60 did not end within 1 seconds\n    here"
    )
    flood = failure(scene, "yes")
    assert flood.sentence == "yes printed more than 1 megabyte, and was ended"
    assert len(flood.message) < 100
    rubbish = failure(scene, "sh", "-c", "printf '\\377\\200'; kill -9 $$")
    assert rubbish.sentence.endswith("was ended by signal 9: \ufffd\ufffd")
    assert failure(scene, "none-such").message.startswith("none-such failed with 1: ")


def test_what_is_no_script_is_not_run(scene: Scene) -> None:
    for path, words in {
        "tools/none.py": "has no script tools/none.py",
        "tools/link.py": "has no script tools/link.py",
        "tools/bare.py": "tools/bare.py: the script has no `# /// script` block",
    }.items():
        assert words in failure(scene, path).message


def test_the_example_tells_a_chat(scene: Scene) -> None:
    about = {"versions": {}, "version": "1.0", "members": {"top": "1.0", "low": "1.0"}}
    with chat() as (url, heard):
        runner = scene.scripts(CHAT_WEBHOOK=url)
        runner.rehearses = True
        again = {"point": "after-land", **about}
        script = Script(("tools/announce.py",))
        assert runner.run(script, scene.repository.head(), again) == "not run in a rehearsal"
        runner.rehearses = False
        assert runner.run(script, scene.repository.head(), again) == "the chat answered 204"
    assert heard == [{"text": "Released 1.0: low, top"}]


def test_the_example_starts_another_pipeline() -> None:
    tags = {"kit": "kit-v2.0", "default": "v1.0"}
    about = json.dumps({"point": "after-land", "tags": tags, "commit": "c" * 40})
    line = [sys.executable, str(EXAMPLES / "dispatch.py")]

    def run(url: str, key: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "DISPATCH_URL": url, "DISPATCH_TOKEN": key}
        return subprocess.run(line, input=about, env=environ, capture_output=True, text=True,
                              check=False)  # fmt: skip

    with chat("Bearer a-key") as (url, heard):
        assert run(url, "a-key").stdout == "the documentation of v1.0 was asked for: 204\n"
        refused = run(url, "another")
    assert (refused.returncode, "HTTP Error 401" in refused.stderr) == (1, True)
    assert heard == [{"ref": "main", "inputs": {"tag": "v1.0", "commit": "c" * 40}}]
