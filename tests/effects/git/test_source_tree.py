"""An export is what a clone would be, whatever the user's settings are."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import git
import pytest

from release_sync.effects.git.source_tree import export, objects_of, refuse_pointers
from release_sync.errors import Problem

EPOCH = 1_700_000_000

ATTRIBUTES = """\
win.txt text eol=crlf
wide.txt text working-tree-encoding=UTF-16LE
subst.txt export-subst
gone.txt export-ignore
ident.txt ident
kept.txt filter=shout
*.bin filter=lfs diff=lfs merge=lfs -text
"""
FILES = {
    ".gitattributes": ATTRIBUTES,
    "plain.txt": "one\ntwo\n",
    "dos.txt": "one\r\ntwo\r\n",
    "win.txt": "one\ntwo\n",
    "subst.txt": "$Format:%H$\n",
    "gone.txt": "here\n",
    "ident.txt": "$Id$\n",
    "kept.txt": "quiet\n",
    "folder/sp ace é": "a name\n",
    "folder/new\nline": "a name\n",
    "run.sh": "#!/bin/sh\n",
}
SETTINGS = """\
[user]
    name = A User
    email = user@example.com
[core]
    autocrlf = true
    eol = crlf
    safecrlf = true
    symlinks = false
    fileMode = false
    attributesFile = {home}/attributes
    hooksPath = {home}/hooks
    sparseCheckout = true
[filter "shout"]
    smudge = tr a-z A-Z
    clean = tr A-Z a-z
[filter "other"]
    smudge = rev
[init]
    defaultBranch = trunk
    templateDir = {home}/template
"""
"""What a user could have set; only a filter that the repository's own attributes name counts."""


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return os.fsdecode(done.stdout)


@pytest.fixture
def repo(tmp_path: Path) -> git.Repo:
    """A repository with every kind of file, a tag, and a commit that no ref has."""
    folder = tmp_path / "repository"
    found = git.Repo.init(folder)
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(text.encode())
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("folder/sp ace é")
    (folder / "loose").symlink_to("/nowhere")
    run(folder, "add", "-A")
    run(folder, "commit", "-qm", "Begin")
    run(folder, "tag", "-a", "v1.0", "-m", "One")
    (folder / "plain.txt").write_text("two\n")
    run(folder, "commit", "-qam", "Release")
    return found


@pytest.fixture
def odd_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be a user with every setting that could change a file; return the home folder."""
    home = tmp_path / "odd"
    for name, text in (("hooks/post-checkout", "touch"), ("template/info/attributes", "")):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text(f"#!/bin/sh\n{text} {home}/mark\n")
    (home / "hooks/post-checkout").chmod(0o755)
    (home / "template/info/attributes").write_text("* filter=other\n")
    (home / "attributes").write_text("* text eol=crlf\nplain.txt filter=other\n")
    (home / ".gitconfig").write_text(SETTINGS.format(home=home))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    return home


def exported(repo: git.Repo, name: str) -> Path:
    folder = Path(repo.working_dir).with_name(name)
    objects = str(objects_of(repo))
    export(repo, repo.head.commit.hexsha, folder, objects, EPOCH)
    return folder


def listing(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Return the mode and the content of everything in a tree but git's own."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not name.startswith(".git/"):
            content = os.fsencode(path.readlink()) if path.is_symlink() else b""
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else content
            found[name] = (stat.filemode(path.lstat().st_mode), content)
    return found


def test_an_export_is_a_clone_of_the_commit(repo: git.Repo, tmp_path: Path) -> None:
    folder, clone = exported(repo, "export"), tmp_path / "clone"
    run(tmp_path, "clone", "-q", str(repo.working_dir), str(clone))
    files = listing(folder)
    assert files == listing(clone)
    assert files["run.sh"][0] == "-rwxr-xr-x"
    assert files["win.txt"][1] == b"one\r\ntwo\r\n"
    assert files["dos.txt"][1] == b"one\r\ntwo\r\n"
    assert files["subst.txt"][1] == b"$Format:%H$\n"
    assert files["ident.txt"][1].startswith(b"$Id: ")
    assert files["link"][1] == "folder/sp ace é".encode()
    assert {"gone.txt", "folder/new\nline"} <= files.keys()
    for question in (
        ("ls-files", "-z", "--stage"),
        ("describe", "--tags", "--long"),
        ("rev-list", "--count", "HEAD"),
        ("rev-parse", "HEAD"),
        ("status", "--porcelain"),
        ("log", "--format=%H %s"),
    ):
        assert run(folder, *question) == run(clone, *question), question
    assert run(folder, "status", "--porcelain") == ""


def test_a_users_settings_change_nothing(
    repo: git.Repo, odd_user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = exported(repo, "odd-export")
    found = listing(folder)
    assert found.pop("kept.txt")[1] == b"QUIET\n"
    assert not (odd_user / "mark").exists()
    assert run(folder, "status", "--porcelain") == ""
    run(folder, "clone", "-q", str(repo.working_dir), str(tmp_path / "odd-clone"))
    odd = listing(tmp_path / "odd-clone")
    assert odd["plain.txt"] != found["plain.txt"], "the settings do change a clone"
    assert (odd_user / "mark").exists()
    monkeypatch.undo()
    other = listing(exported(repo, "export"))
    assert other.pop("kept.txt")[1] == b"quiet\n"
    assert found == other


def test_a_filter_that_the_repository_configures_applies(repo: git.Repo) -> None:
    run(Path(repo.working_dir), "config", "filter.shout.smudge", "tr a-z A-Z")
    assert listing(exported(repo, "export"))["kept.txt"][1] == b"QUIET\n"


def test_modes_and_times_are_the_same_for_all(repo: git.Repo) -> None:
    before = os.umask(0o077)
    try:
        strict = exported(repo, "strict")
    finally:
        os.umask(before)
    assert listing(strict) == listing(exported(repo, "export"))
    files = [path for path in (strict, *strict.rglob("*")) if ".git" not in path.parts]
    assert len(files) > len(FILES)
    assert {path.lstat().st_mtime for path in files} == {EPOCH}


def test_what_is_made_in_an_export_is_made_nowhere_else(repo: git.Repo) -> None:
    before = run(Path(repo.working_dir), "for-each-ref")
    folder = exported(repo, "export")
    run(folder, "tag", "evil")
    run(
        folder,
        "-c",
        "user.name=x",
        "-c",
        "user.email=x",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "x",
    )
    assert run(Path(repo.working_dir), "for-each-ref") == before
    made = run(folder, "rev-parse", "HEAD").strip()
    with pytest.raises(subprocess.CalledProcessError):
        run(Path(repo.working_dir), "cat-file", "-e", made)


@pytest.mark.parametrize("how", [["--depth=1"], ["--filter=blob:none"], ["--shared"]])
def test_a_clone_that_is_not_whole_is_exported_as_it_is(
    repo: git.Repo, how: list[str], tmp_path: Path
) -> None:
    """A shallow one, one without old contents, and one that borrows its objects."""
    top = Path(repo.working_dir)
    run(top, "config", "uploadpack.allowFilter", "true")
    address = str(top) if how == ["--shared"] else top.as_uri()
    run(tmp_path, "clone", "-q", *how, address, str(tmp_path / "part"))
    folder = exported(git.Repo(tmp_path / "part"), "export")
    assert listing(folder) == listing(tmp_path / "part")
    asked = ("rev-list", "--count", "HEAD")
    assert run(folder, *asked) == run(tmp_path / "part", *asked)
    assert run(folder, "status", "--porcelain") == ""


def test_a_pointer_is_refused_where_it_would_be_built(repo: git.Repo) -> None:
    top = Path(repo.working_dir)
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    (top / "folder/big.bin").write_text(pointer)
    (top / "near.bin").symlink_to("folder/big.bin")
    (top / "other").mkdir()
    (top / "other/note.txt").write_text(f"a {pointer}")
    run(top, "add", "-A")
    run(top, "commit", "-qm", "Large")
    folder = exported(repo, "export")
    refuse_pointers(folder, [Path("other")])
    for below in (Path(), Path("folder")):
        with pytest.raises(Problem, match=r"Git LFS has not brought folder/big\.bin: ") as caught:
            refuse_pointers(folder, [below])
        assert "git lfs pull" in caught.value.hint
