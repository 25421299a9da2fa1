"""Bumps with real git, uv and hooks: onto the branch, into the working tree, and as a branch."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

    from tests.end_to_end.conftest import Scene

BUMP = "refs/heads/release/v0.2.1"
PAGE = "https://github.com/team/packages"
GH = """\
#!/bin/sh
printf '%s\\n' "$@" >>"$HOME/asked"
env >"$HOME/environ"
case "$2" in
    list) echo '[]' ;;
    create) echo https://pull/1 ;;
esac
exit 0
"""


def event(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return the event of a bump, which is the last one."""
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["event"] == "bump"
    return dict(last)


def put(file: Path, text: str) -> None:
    """Write a program."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)


def move_to_github(scene: Scene) -> None:
    """Give the remote an address on a forge, which leads to the same repository."""
    tools = scene.folder / "tools"
    put(tools / "ssh", f'#!/bin/sh\ncd "{scene.folder}" && exec git shell -c "$2"\n')
    put(tools / "gh", GH)
    (scene.folder / "team").mkdir()
    (scene.folder / "team/packages.git").symlink_to(scene.remote)
    scene.git("remote", "set-url", "origin", "git@github.com:team/packages.git")
    scene.environ |= {
        "GIT_SSH": str(tools / "ssh"),
        "GIT_SSH_VARIANT": "simple",
        "PATH": f"{tools}{os.pathsep}{scene.environ['PATH']}",
    }


def test_a_bump_on_disk_on_the_branch_and_as_a_pull_request(scene: Scene) -> None:
    home = Path(scene.environ["HOME"])
    put(scene.clone / ".git/hooks/pre-commit", "#!/bin/sh\necho ran >>$HOME/hooked\n")
    there, before = scene.refs(), scene.git("rev-parse", "HEAD")

    scene.write("notes.txt", "mine\n")
    scene.git("add", "notes.txt")
    written = event(scene.run("bump", "--no-commit", "--json"))
    assert (written["branch"], written["commit"]) == ("", None)
    assert scene.git("diff", "--cached", "--name-only") == "notes.txt"
    assert scene.git("diff", "--name-only").split("\n") == [one["path"] for one in written["edits"]]
    scene.git("reset", "-q", "--hard")

    done = event(scene.run("bump", "--yes", "--json", "minor"))
    assert scene.git("rev-parse", "HEAD", "HEAD^").split("\n") == [done["commit"], before]
    assert scene.git("status", "--porcelain") == ""
    assert (home / "hooked").read_text(encoding="utf-8") == "ran\n"
    assert scene.git("worktree", "list").count("\n") == 0
    assert scene.refs() == there

    scene.git("push", "-q", "origin", "main")
    move_to_github(scene)
    scene.write("notes.txt", "mine\n")
    state, main = scene.state(), scene.refs()["refs/heads/main"]
    pushed = event(scene.run("bump", "--branch", "--open", "--yes", "--json"))
    assert (pushed["version"], pushed["pull_request"]) == ("0.2.1", "https://pull/1")
    assert pushed["compare"] == f"{PAGE}/compare/main...release/v0.2.1?expand=1"
    assert scene.refs() == {"refs/heads/main": main, BUMP: pushed["commit"]}
    assert scene.git("rev-parse", f"{pushed['commit']}^") == main
    scene.git("update-ref", "-d", "refs/remotes/origin/release/v0.2.1")
    assert {**scene.state(), "remote": state["remote"]} == state, "what is here is left alone"

    asked = (home / "asked").read_text(encoding="utf-8")
    assert f"--repo\n{PAGE}\n--base\nmain\n--head\nrelease/v0.2.1\n" in asked
    assert "UV_PUBLISH_PASSWORD" not in (home / "environ").read_text(encoding="utf-8")

    checked = scene.run("bump", "--check")
    assert checked.returncode == 1
    assert "not merged: release/v0.2.1 brings default to 0.2.1" in checked.stderr
