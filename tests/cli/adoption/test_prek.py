"""An entry is put into ``prek.toml``, and prek reads what was meant."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from release_sync.cli.adoption.prek import has_hook, with_hook
from release_sync.errors import Problem

URL = "https://example.com/release-sync"
OTHER = '[[repos]]\nrepo = "builtin"\nhooks = [{ id = "trailing-whitespace" }]'
ENTRY = {"repo": URL, "rev": "v1", "hooks": [{"id": "release-sync"}]}


@pytest.mark.parametrize(
    "before",
    [b"", b"# none yet\n", OTHER.encode(), f"{OTHER}\n".replace("\n", "\r\n").encode()],
    ids=["empty", "a comment", "no end of line", "CRLF"],
)
def test_the_entry_is_the_last_and_prek_accepts_it(before: bytes, tmp_path: Path) -> None:
    after = with_hook(before, URL, "v1").after
    assert after.startswith(before)
    old = tomllib.loads(before.decode())
    assert tomllib.loads(after.decode()) == {"repos": [*old.get("repos", []), ENTRY]}
    assert (has_hook(before), has_hook(after)) == (False, True)
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    path = tmp_path / "prek.toml"
    path.write_bytes(after)
    run = [str(Path(sys.executable).parent / "prek"), "validate-config", str(path)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("repo", ["/a\\b", 'a"b', "é"])
def test_any_address_is_read_back_as_it_was_given(repo: str) -> None:
    (entry,) = tomllib.loads(with_hook(None, repo, "1.0").after.decode())["repos"]
    assert (entry["repo"], entry["rev"]) == (repo, "1.0")


def test_a_list_in_brackets_is_left_alone_and_the_entry_shown() -> None:
    with pytest.raises(Problem) as caught:
        with_hook(b'repos = [{ repo = "builtin", hooks = [] }]\n', URL, "v1")
    assert "left as it was" in caught.value.message
    assert f'repo = "{URL}"' in caught.value.hint


def test_what_is_no_toml_is_named_with_its_place() -> None:
    with pytest.raises(Problem, match=r"^prek\.toml:1:9: "):
        has_hook(b"repos = \n")
