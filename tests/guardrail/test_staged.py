"""What is staged, in every form that git's index knows."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.guardrail.scene import LOW, ROOT, package

if TYPE_CHECKING:
    from tests.guardrail.scene import Scene

STALE = [f"{LOW} RS101"]


def test_what_is_staged_is_green_twice(green: Scene) -> None:
    assert green.codes() == []
    assert green.codes() == []


def test_a_renamed_member_is_found_in_its_new_folder(green: Scene) -> None:
    green.git("mv", "packages/low", "packages/lower")
    assert green.codes() == []
    green.write("packages/lower/pyproject.toml", package("low", "0.9"))
    green.git("add", "--all")
    assert "packages/lower/pyproject.toml RS101" in green.codes()


def test_a_member_that_moved_out_of_the_workspace_is_none(green: Scene) -> None:
    green.drift()
    green.git("add", "--all")
    green.git("mv", "packages/low", "elsewhere")
    assert not [one for one in green.codes() if "RS101" in one or "RS202" in one]


def test_a_deleted_member_is_gone_though_it_lies_on_disk(green: Scene) -> None:
    green.write("packages/high/pyproject.toml", package("high", "0.9"))
    green.git("add", "--all")
    assert green.codes() == ["packages/high/pyproject.toml RS101"]
    green.git("rm", "--quiet", "--cached", "packages/high/pyproject.toml")
    assert green.codes() == []


def test_a_member_that_is_deleted_on_disk_only_is_still_checked(green: Scene) -> None:
    green.drift()
    green.git("add", "--all")
    (green.root / LOW).unlink()
    assert f"{LOW} RS101" in green.codes()


def test_a_deleted_literal_member_is_missed_where_it_is_named(green: Scene) -> None:
    green.write("pyproject.toml", ROOT.replace("packages/*", "packages/low"))
    green.git("rm", "--quiet", LOW)
    green.git("add", "--all")
    assert "pyproject.toml RS001" in green.codes()


@pytest.mark.parametrize("root", ["unlink", "break"])
def test_the_root_on_disk_does_not_matter(green: Scene, root: str) -> None:
    green.drift()
    green.git("add", "--all")
    if root == "unlink":
        (green.root / "pyproject.toml").unlink()
    else:
        green.write("pyproject.toml", "broken = \n")
    assert f"{LOW} RS101" in green.codes()


def test_an_unborn_branch_is_checked(born: Scene) -> None:
    born.git("add", "--all")
    assert born.codes() == []
    born.drift()
    born.git("add", "--all")
    assert f"{LOW} RS101" in born.codes()


def test_an_empty_index_on_an_unborn_branch_is_no_matter(born: Scene) -> None:
    assert born.codes() == []


def test_a_symlinked_member_inside_the_workspace_is_followed(green: Scene) -> None:
    green.write("real/high/pyproject.toml", package("high", "0.9"))
    (green.root / "packages" / "high").symlink_to("../real/high")
    green.git("add", "--all")
    assert green.codes() == ["packages/high/pyproject.toml RS101"] == green.codes("check")


def test_a_symlink_that_leads_out_of_the_workspace_is_not_followed(green: Scene) -> None:
    outside = green.root.parent / "outside"
    green.at(outside).write("pyproject.toml", package("high", "0.9"))
    (green.root / "packages" / "high").symlink_to("../../outside")
    (green.root / "packages" / "absolute").symlink_to(outside)
    (green.root / "packages" / "loop").symlink_to("loop")
    green.git("add", "--all")
    assert green.codes() == [] == green.codes("check")


def test_a_file_that_is_only_announced_is_not_part_of_the_commit(green: Scene) -> None:
    green.write("packages/high/pyproject.toml", package("high", "0.9"))
    green.write("uv.lock", "version = 1\n")
    green.git("add", "--intent-to-add", "packages/high/pyproject.toml", "uv.lock")
    assert green.codes() == []
    (green.root / "packages/high/pyproject.toml").unlink()
    assert green.codes() == []


def test_an_empty_manifest_that_is_really_staged_is_reported(green: Scene) -> None:
    green.write("packages/high/pyproject.toml", "")
    green.git("add", "--all")
    assert green.codes() == ["packages/high/pyproject.toml RS001"]


def test_a_conflict_is_named_and_nothing_is_said_of_the_rest(green: Scene) -> None:
    green.git("checkout", "--quiet", "-b", "other")
    green.drift("1.1")
    green.commit()
    green.git("checkout", "--quiet", "main")
    green.drift("1.2")
    green.commit()
    assert green.call("git", "merge", "other").returncode == 1
    done = green.hook("pre-commit")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {LOW} has a conflict\nhint: resolve it, and `git add` it\n"


def test_line_endings_that_git_translates_change_nothing(green: Scene) -> None:
    green.git("config", "core.autocrlf", "true")
    text = package("low", "0.9").replace("\n", "\r\n")
    green.write(LOW, text)
    green.git("add", "--all")
    assert "\r" not in green.git("show", f":{LOW}")
    assert green.codes() == green.codes("check") == STALE


@pytest.mark.parametrize("name", ["a b", "a\nb", "é", "[low]", "a:b", '"quoted"'])
def test_a_member_with_an_odd_folder_is_checked(green: Scene, name: str) -> None:
    green.write(f"packages/{name}/pyproject.toml", package("high", "0.9"))
    green.git("add", "--all")
    for stage in ("pre-commit", "check"):
        done = green.hook(stage)
        assert (done.returncode, done.stdout.count("\n")) == (1, 1), done.stderr
        assert "RS101" in done.stdout


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_name_that_is_no_utf_8_is_shown_and_not_a_bug(green: Scene, locale: str) -> None:
    green.write(b"packages/\xff\xfe/pyproject.toml", package("high", "0.9"))
    green.write(b"packages/\xe9/pyproject.toml", package("high", "0.9"))
    green.git("add", "--all")
    for stage in ("pre-commit", "check"):
        done = green.at(green.root, LC_ALL=locale, PYTHONIOENCODING="").hook(stage)
        assert done.returncode == 1, done.stderr
        assert "RS101" in done.stdout
        assert "RS002" in done.stdout


def test_a_terminal_that_knows_only_ascii_is_no_bug(green: Scene) -> None:
    green.write("packages/é/pyproject.toml", package("high", "0.9"))
    green.git("add", "--all")
    done = green.at(green.root, PYTHONIOENCODING="ascii").hook("pre-commit")
    assert done.returncode == 1, done.stderr
    assert "RS101" in done.stdout


@pytest.mark.parametrize(
    "options",
    [["--cone"], ["--no-cone"], ["--cone", "--sparse-index"]],
    ids=["cone", "patterns", "sparse index"],
)
def test_what_a_sparse_checkout_leaves_out_is_checked(green: Scene, options: list[str]) -> None:
    green.write("other/file", "text\n")
    green.commit()
    green.git("sparse-checkout", "set", *options, "other")
    assert not (green.root / LOW).exists()
    assert green.codes() == []
    blob = green.git("hash-object", "-w", "--stdin", given=package("low", "0.9"))
    green.git("update-index", "--cacheinfo", f"100644,{blob},{LOW}")
    assert green.codes() == STALE


def test_a_split_index_is_read_whole(green: Scene) -> None:
    green.git("update-index", "--split-index")
    green.drift()
    green.git("add", "--all")
    assert list((green.root / ".git").glob("sharedindex.*"))
    assert green.codes() == STALE


def test_flags_that_hide_a_change_from_git_hide_it_from_us(green: Scene) -> None:
    for flag in ("--assume-unchanged", "--skip-worktree"):
        green.git("update-index", flag, LOW)
    green.drift()
    green.git("add", "--update")
    assert green.codes() == []


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
    green: Scene, members: str
) -> None:
    other = green.at(green.root.parent / "other")
    other.write("pyproject.toml", package("other", "7.0"))
    other.git("init", "--quiet")
    other.commit()
    green.git("submodule", "--quiet", "add", str(other.root), "packages/other")
    green.write("pyproject.toml", ROOT.replace('"packages/*"', members))
    green.write("uv.lock", LOCK)
    green.drift()
    head = green.commit()
    bare = green.at(green.root.parent / "bare.git")
    green.git("clone", "-q", "--bare", ".", str(bare.root))
    line = f"main {head} refs/heads/main {'0' * 40}\n"
    assert (green.root / "packages/other/pyproject.toml").exists()
    expected = sorted(["uv.lock RS401", *STALE])
    assert sorted(green.codes("check")) == sorted(green.codes("pre-commit")) == expected
    green.git("submodule", "--quiet", "deinit", "packages/other")
    assert not (green.root / "packages/other/pyproject.toml").exists()
    assert sorted(green.codes("check")) == sorted(green.codes("pre-commit")) == expected
    assert sorted(bare.codes("pre-push", line)) == expected


def test_a_submodule_with_an_odd_path_is_known(green: Scene) -> None:
    text = '[submodule "x"]\n\tpath = "packages/a \\"b\\" #c"\n\turl = ../x\n'
    green.write(".gitmodules", text)
    green.write('packages/a "b" #c/pyproject.toml', package("high", "0.9"))
    green.write('packages/a "b" #c/.git', "gitdir: ../../.git/modules/x\n")
    assert green.codes("check") == []


def test_what_is_called_a_submodule_and_is_none_is_checked(green: Scene) -> None:
    green.write(".gitmodules", '[submodule "x"]\n\tpath = packages/low\n\turl = ../x\n')
    green.drift()
    head = green.commit()
    assert green.codes("check") == STALE == green.codes("pre-commit")
    assert green.codes("pre-push", f"main {head} refs/heads/main {'0' * 40}\n") == STALE


def test_git_that_fails_is_told_apart_from_an_empty_index(green: Scene) -> None:
    (green.root / ".git" / "index").write_bytes(b"no index")
    done = green.hook("pre-commit")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_a_missing_object_is_named(green: Scene) -> None:
    name = "1" * 40
    subprocess.run(
        ["git", "update-index", "--index-info"],
        cwd=green.root,
        env=green.environ,
        input=f"100644 {name}\t{LOW}\n".encode(),
        check=True,
    )
    done = green.hook("pre-commit")
    assert done.returncode == 2
    assert name in done.stderr
