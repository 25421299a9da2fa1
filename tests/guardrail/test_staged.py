"""What is staged, in every form that git's index knows."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.guardrail.scene import LOW, ROOT, package

if TYPE_CHECKING:
    from tests.guardrail.scene import Scene

STALE = [f"{LOW} RS101"]


def test_what_is_staged_is_green_twice(committed: Scene) -> None:
    assert committed.codes() == []
    assert committed.codes() == []


def test_a_renamed_member_is_found_in_its_new_folder(committed: Scene) -> None:
    committed.git("mv", "packages/low", "packages/lower")
    assert committed.codes() == []
    committed.write("packages/lower/pyproject.toml", package("low", "0.9"))
    committed.git("add", "--all")
    assert "packages/lower/pyproject.toml RS101" in committed.codes()


def test_a_member_that_moved_out_of_the_workspace_is_none(committed: Scene) -> None:
    committed.drift()
    committed.git("add", "--all")
    committed.git("mv", "packages/low", "elsewhere")
    assert not [one for one in committed.codes() if "RS101" in one or "RS202" in one]


def test_a_deleted_member_is_gone_though_it_lies_on_disk(committed: Scene) -> None:
    committed.write("packages/high/pyproject.toml", package("high", "0.9"))
    committed.git("add", "--all")
    assert committed.codes() == ["packages/high/pyproject.toml RS101"]
    committed.git("rm", "--quiet", "--cached", "packages/high/pyproject.toml")
    assert committed.codes() == []


def test_a_member_that_is_deleted_on_disk_only_is_still_checked(committed: Scene) -> None:
    committed.drift()
    committed.git("add", "--all")
    (committed.root / LOW).unlink()
    assert f"{LOW} RS101" in committed.codes()


def test_a_deleted_literal_member_is_missed_where_it_is_named(committed: Scene) -> None:
    committed.write("pyproject.toml", ROOT.replace("packages/*", "packages/low"))
    committed.git("rm", "--quiet", LOW)
    committed.git("add", "--all")
    assert "pyproject.toml RS001" in committed.codes()


@pytest.mark.parametrize("root", ["unlink", "break"])
def test_the_root_on_disk_does_not_matter(committed: Scene, root: str) -> None:
    committed.drift()
    committed.git("add", "--all")
    if root == "unlink":
        (committed.root / "pyproject.toml").unlink()
    else:
        committed.write("pyproject.toml", "broken = \n")
    assert f"{LOW} RS101" in committed.codes()


def test_an_unborn_branch_is_checked(born: Scene) -> None:
    born.git("add", "--all")
    assert born.codes() == []
    born.drift()
    born.git("add", "--all")
    assert f"{LOW} RS101" in born.codes()


def test_an_empty_index_on_an_unborn_branch_is_no_matter(born: Scene) -> None:
    assert born.codes() == []


def test_a_symlinked_member_inside_the_workspace_is_followed(committed: Scene) -> None:
    committed.write("real/high/pyproject.toml", package("high", "0.9"))
    (committed.root / "packages" / "high").symlink_to("../real/high")
    committed.git("add", "--all")
    assert committed.codes() == ["packages/high/pyproject.toml RS101"] == committed.codes("check")


def test_a_symlink_that_leads_out_of_the_workspace_is_not_followed(committed: Scene) -> None:
    outside = committed.root.parent / "outside"
    committed.at(outside).write("pyproject.toml", package("high", "0.9"))
    (committed.root / "packages" / "high").symlink_to("../../outside")
    (committed.root / "packages" / "absolute").symlink_to(outside)
    (committed.root / "packages" / "loop").symlink_to("loop")
    committed.git("add", "--all")
    assert committed.codes() == [] == committed.codes("check")


def test_a_file_that_is_only_announced_is_not_part_of_the_commit(committed: Scene) -> None:
    committed.write("packages/high/pyproject.toml", package("high", "0.9"))
    committed.write("uv.lock", "version = 1\n")
    committed.git("add", "--intent-to-add", "packages/high/pyproject.toml", "uv.lock")
    assert committed.codes() == []
    (committed.root / "packages/high/pyproject.toml").unlink()
    assert committed.codes() == []


def test_an_empty_manifest_that_is_really_staged_is_reported(committed: Scene) -> None:
    committed.write("packages/high/pyproject.toml", "")
    committed.git("add", "--all")
    assert committed.codes() == ["packages/high/pyproject.toml RS001"]


def test_a_conflict_is_named_and_nothing_is_said_of_the_rest(committed: Scene) -> None:
    committed.git("checkout", "--quiet", "-b", "other")
    committed.drift("1.1")
    committed.commit()
    committed.git("checkout", "--quiet", "main")
    committed.drift("1.2")
    committed.commit()
    assert committed.call("git", "merge", "other").returncode == 1
    done = committed.hook("pre-commit")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {LOW} has a conflict\nhint: resolve it, and `git add` it\n"


def test_line_endings_that_git_translates_change_nothing(committed: Scene) -> None:
    committed.git("config", "core.autocrlf", "true")
    text = package("low", "0.9").replace("\n", "\r\n")
    committed.write(LOW, text)
    committed.git("add", "--all")
    assert "\r" not in committed.git("show", f":{LOW}")
    assert committed.codes() == committed.codes("check") == STALE


@pytest.mark.parametrize("name", ["a b", "a\nb", "é", "[low]", "a:b", '"quoted"'])
def test_a_member_with_an_odd_folder_is_checked(committed: Scene, name: str) -> None:
    committed.write(f"packages/{name}/pyproject.toml", package("high", "0.9"))
    committed.git("add", "--all")
    for stage in ("pre-commit", "check"):
        done = committed.hook(stage)
        assert (done.returncode, done.stdout.count("\n")) == (1, 1), done.stderr
        assert "RS101" in done.stdout


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_name_that_is_no_utf_8_is_shown_and_not_a_bug(committed: Scene, locale: str) -> None:
    committed.write(b"packages/\xff\xfe/pyproject.toml", package("high", "0.9"))
    committed.write(b"packages/\xe9/pyproject.toml", package("high", "0.9"))
    committed.git("add", "--all")
    for stage in ("pre-commit", "check"):
        done = committed.at(committed.root, LC_ALL=locale, PYTHONIOENCODING="").hook(stage)
        assert done.returncode == 1, done.stderr
        assert "RS101" in done.stdout
        assert "RS002" in done.stdout


def test_a_terminal_that_knows_only_ascii_is_no_bug(committed: Scene) -> None:
    committed.write("packages/é/pyproject.toml", package("high", "0.9"))
    committed.git("add", "--all")
    done = committed.at(committed.root, PYTHONIOENCODING="ascii").hook("pre-commit")
    assert done.returncode == 1, done.stderr
    assert "RS101" in done.stdout


@pytest.mark.parametrize(
    "options",
    [["--cone"], ["--no-cone"], ["--cone", "--sparse-index"]],
    ids=["cone", "patterns", "sparse index"],
)
def test_what_a_sparse_checkout_leaves_out_is_checked(committed: Scene, options: list[str]) -> None:
    committed.write("other/file", "text\n")
    committed.commit()
    committed.git("sparse-checkout", "set", *options, "other")
    assert not (committed.root / LOW).exists()
    assert committed.codes() == []
    blob = committed.git("hash-object", "-w", "--stdin", given=package("low", "0.9"))
    committed.git("update-index", "--cacheinfo", f"100644,{blob},{LOW}")
    assert committed.codes() == STALE


def test_a_split_index_is_read_whole(committed: Scene) -> None:
    committed.git("update-index", "--split-index")
    committed.drift()
    committed.git("add", "--all")
    assert list((committed.root / ".git").glob("sharedindex.*"))
    assert committed.codes() == STALE


def test_flags_that_hide_a_change_from_git_hide_it_from_us(committed: Scene) -> None:
    for flag in ("--assume-unchanged", "--skip-worktree"):
        committed.git("update-index", flag, LOW)
    committed.drift()
    committed.git("add", "--update")
    assert committed.codes() == []


LOCK = """\
version = 1

[manifest]
members = [
    "low",
    "other",
    "top",
]

[[package]]
name = "low"
version = "1.0"
source = { editable = "packages/low" }

[[package]]
name = "other"
version = "7.0"
source = { editable = "packages/other" }

[[package]]
name = "top"
version = "1.0"
source = { editable = "." }
"""


@pytest.mark.parametrize("members", ['"packages/*"', '"packages/low", "packages/other"'])
def test_a_submodules_packages_are_no_members_wherever_one_looks(
    committed: Scene, members: str
) -> None:
    other = committed.at(committed.root.parent / "other")
    other.write("pyproject.toml", package("other", "7.0"))
    other.git("init", "--quiet")
    other.commit()
    committed.git("submodule", "--quiet", "add", str(other.root), "packages/other")
    committed.write("pyproject.toml", ROOT.replace('"packages/*"', members))
    committed.write("uv.lock", LOCK)
    committed.drift()
    head = committed.commit()
    bare = committed.at(committed.root.parent / "bare.git")
    committed.git("clone", "-q", "--bare", ".", str(bare.root))
    line = f"main {head} refs/heads/main {'0' * 40}\n"
    assert (committed.root / "packages/other/pyproject.toml").exists()
    expected = sorted(["uv.lock RS401", *STALE])
    assert sorted(committed.codes("check")) == sorted(committed.codes("pre-commit")) == expected
    committed.git("submodule", "--quiet", "deinit", "packages/other")
    assert not (committed.root / "packages/other/pyproject.toml").exists()
    assert sorted(committed.codes("check")) == sorted(committed.codes("pre-commit")) == expected
    assert sorted(bare.codes("pre-push", line)) == expected


def test_a_submodule_with_an_odd_path_is_known(committed: Scene) -> None:
    text = '[submodule "x"]\n\tpath = "packages/a \\"b\\" #c"\n\turl = ../x\n'
    committed.write(".gitmodules", text)
    committed.write('packages/a "b" #c/pyproject.toml', package("high", "0.9"))
    assert committed.codes("check") == []


def test_git_that_fails_is_told_apart_from_an_empty_index(committed: Scene) -> None:
    (committed.root / ".git" / "index").write_bytes(b"no index")
    done = committed.hook("pre-commit")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_a_missing_object_is_named(committed: Scene) -> None:
    name = "1" * 40
    subprocess.run(
        ["git", "update-index", "--index-info"],
        cwd=committed.root,
        env=committed.environ,
        input=f"100644 {name}\t{LOW}\n".encode(),
        check=True,
    )
    done = committed.hook("pre-commit")
    assert done.returncode == 2
    assert name in done.stderr
