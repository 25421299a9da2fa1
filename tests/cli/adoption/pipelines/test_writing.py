"""The files of ``init --ci``: judged by zizmor and by the schemas of their hosts."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML
from tests.fakes.gitlab_runner import holds

from release_sync.cli.adoption.pipelines.actions import ACTIONS
from release_sync.cli.adoption.pipelines.installation import UNREACHABLE
from release_sync.cli.adoption.pipelines.kind import Flow
from release_sync.cli.adoption.pipelines.writing import with_pipelines
from release_sync.cli.adoption.surroundings import surroundings
from release_sync.errors import Problem, Unreadable
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

    from release_sync.cli.adoption.change import Change

PROGRAMS = Path(sys.executable).parent
SOURCE = "https://example.com/release-sync@v9"
SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}
STEPS = '[tool.release-sync.steps]\nafter-land = ["tools/announce.py"]\n'
SHAPES = {
    "one": "",
    "several": '[tool.release-sync]\nindependent = ["low"]\nindex = "own"\n'
    '[[tool.uv.index]]\nname = "own"\nurl = "https://own/"\npublish-url = "https://own/"\n',
    "compiled": f'{STEPS}[tool.release-sync.artifacts]\nlow = ["cp311-cp311-win_amd64",'
    ' "cp31[12]-cp31[12]-manylinux_*_x86_64"]\n',
    "several compiled": '[tool.release-sync]\nindependent = ["low"]\n'
    '[tool.release-sync.artifacts]\nlow = ["cp313-cp313-macosx_*_arm64", "cp311-cp311-win32"]\n'
    f"{STEPS}",
}
"""What is put at the end of the root's manifest."""


def changes(
    workspace: SmallWorkspace, host: str, flow: str = "dispatch", source: str = SOURCE
) -> list[Change]:
    around = surroundings(str(workspace.root))
    found = read(WorkingTree(str(workspace.root)))
    return list(with_pipelines(around, found, host, flow, source))


def loaded(change: Change) -> Any:  # noqa: ANN401 - of YAML's types
    return YAML(typ="safe", pure=True).load(change.after)


def test_every_file_is_what_its_host_takes_and_zizmor_finds_nothing(
    green: SmallWorkspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    green.commit()
    manifest = green.root / "pyproject.toml"
    before = manifest.read_text(encoding="utf-8")
    place = tmp_path_factory.mktemp("written")
    files: dict[str, list[str]] = {"github": [], "gitlab": []}
    for host, flow, shape in product(files, Flow, SHAPES):
        manifest.write_text(before + SHAPES[shape], encoding="utf-8")
        for one in changes(green, host, flow):
            file = place / f"{flow}-{shape}" / one.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(one.after)
            files[host].append(str(file))
    for host, schema in SCHEMAS.items():
        line = [f"{PROGRAMS}/check-jsonschema", "--builtin-schema", schema, *files[host]]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    line = [f"{PROGRAMS}/zizmor", "--offline", "--no-progress", "--strict-collection"]
    done = subprocess.run([*line, *files["github"]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "No findings" in done.stdout + done.stderr


def test_rights_and_secrets_are_where_they_are_needed(green: SmallWorkspace) -> None:
    green.commit()
    release = loaded(changes(green, "github")[1])
    assert release["permissions"] == {}
    assert {name: one["permissions"] for name, one in release["jobs"].items()} == {
        "prepare": {"contents": "write"},
        "publish": {"contents": "write", "id-token": "write"},
        "announce": {"contents": "write", "id-token": "write", "attestations": "write"},
    }
    assert [name for name, one in release["jobs"].items() if "environment" in one] == ["publish"]
    more = SHAPES["several"] + STEPS
    green.write("pyproject.toml", (green.root / "pyproject.toml").read_text() + more)
    check, release = map(loaded, changes(green, "github"))
    assert release["jobs"]["after-land"]["permissions"] == {"contents": "read"}
    assert release["jobs"]["publish"]["permissions"] == {"contents": "write"}
    assert [name for name, one in release["jobs"].items() if "secrets." in str(one)] == ["publish"]
    assert release["on"]["workflow_dispatch"]["inputs"]["group"]["options"] == [
        "default", "low", "all", "changed",
    ]  # fmt: skip
    assert release["concurrency"]["group"] == "release-${{ inputs.group }}", "one of each group"
    assert [*check["on"]] == ["pull_request", "merge_group"]
    checked = check["jobs"]["check"]
    assert checked["permissions"] == {"contents": "read"}
    assert checked["steps"][0]["with"]["persist-credentials"] is False


def test_each_group_is_released_by_itself_when_its_version_is_merged(
    green: SmallWorkspace,
) -> None:
    green.commit()
    before = (green.root / "pyproject.toml").read_text()
    green.write("pyproject.toml", before + SHAPES["several compiled"])
    written = changes(green, "github", "pull-request")
    made = {one.path.rpartition("/")[2].removesuffix(".yml"): loaded(one) for one in written}
    assert [*made] == ["lockstep", "release-default", "release-low", "propose-release"]
    for name, several in (("default", []), ("low", ["candidate", "pure", "build"])):
        release = made[f"release-{name}"]
        left = ["prepare", *(["reserved"] if several else []), "publish", "announce", "after-land"]
        assert [*release["jobs"]] == several + left
        assert release["concurrency"]["group"] == f"release-{name}-${{{{ github.ref_name }}}}"
        assert f"prepare --if-new --group {name} --yes" in str(release["jobs"])
    proposed = made["propose-release"]
    assert proposed["on"]["workflow_dispatch"]["inputs"]["group"]["options"] == ["default", "low"]
    assert '--group "$GROUP" --branch --open' in str(proposed["jobs"])
    jobs = loaded(changes(green, "gitlab", "pull-request")[0])
    assert jobs["publish-low"]["needs"] == ["prepare-low"]
    assert jobs["after-land-low"]["needs"] == ["prepare-low", "publish-low"]
    built = ["pure-low", "build-low-macos-arm64", "build-low-windows-win32"]
    assert jobs["prepare-low"]["needs"] == ["candidate-low", *built]
    assert "needs" not in jobs["prepare-default"]


def test_groups_that_pin_each_other_are_released_together(green: SmallWorkspace) -> None:
    green.commit()
    before = (green.root / "pyproject.toml").read_text()
    green.write("pyproject.toml", before + SHAPES["several"])
    made = [loaded(one) for one in changes(green, "github", "pull-request")]
    assert [one["name"] for one in made] == ["Lockstep", "Release", "Propose a release"]
    assert "prepare --if-new --all --yes" in str(made[1]["jobs"])
    assert made[1]["concurrency"]["group"] == "release-${{ github.ref_name }}"
    step = made[2]["jobs"]["bump"]["steps"][-1]
    assert step["run"].endswith('--bump "$BUMP" "$which" --branch --open --yes')
    assert "prepare --if-new --all --yes" in str(
        loaded(changes(green, "gitlab", "pull-request")[0])
    )
    free = before.replace("low==1.0", "low>=1.0") + SHAPES["several"]
    green.write("pyproject.toml", free)
    names = [loaded(one)["name"] for one in changes(green, "github", "pull-request")]
    assert names == ["Lockstep", "Release default", "Release low", "Propose a release"]


def test_a_tag_says_which_group_is_meant(green: SmallWorkspace) -> None:
    green.commit()
    green.write("pyproject.toml", (green.root / "pyproject.toml").read_text() + SHAPES["several"])
    (_, release) = changes(green, "github", "tag")
    assert loaded(release)["on"] == {"push": {"tags": ["v*", "low-v*"]}}
    (release, _) = changes(green, "gitlab", "tag")
    rule = loaded(release)["prepare"]["rules"][0]["if"]
    assert [holds(rule, {"CI_COMMIT_TAG": one}) for one in ("v1.0", "low-v1.0", "xv1")] == [
        True, True, False
    ]  # fmt: skip


BRANCHES = {
    "main": True, "release/1.x": True, "release/1/x": False, "release/v1.1": False,
    "maintenance": True, "feature": False, "main2": False,
}  # fmt: skip
"""With the branches that are configured here: whether a release is made from one."""


def test_every_configured_branch_starts_a_release_and_no_proposal_of_one(
    green: SmallWorkspace,
) -> None:
    green.commit()
    branch = '[tool.release-sync]\nbranch = ["main", "release/*", "maintenance"]\n'
    green.write("pyproject.toml", (green.root / "pyproject.toml").read_text() + branch)
    release = loaded(changes(green, "github", "pull-request")[1])
    assert release["on"]["push"]["branches"] == ["main", "release/*", "maintenance", "!release/v*"]
    assert release["concurrency"]["group"] == "release-${{ github.ref_name }}"
    for flow, source in ((Flow.PULL_REQUEST, "push"), (Flow.DISPATCH, "web")):
        rule = loaded(changes(green, "gitlab", flow)[0])["prepare"]["rules"][0]["if"]
        for name, starts in BRANCHES.items():
            at = {"CI_PIPELINE_SOURCE": source, "CI_COMMIT_BRANCH": name}
            assert holds(rule, at) is starts, name


def test_the_job_with_the_credentials_runs_two_lines(green: SmallWorkspace) -> None:
    green.commit()
    for flow in Flow:
        steps = loaded(changes(green, "github", flow)[1])["jobs"]["publish"]["steps"]
        assert [one["run"] for one in steps if "run" in one] == [
            f"uv tool install 'release-sync[release] @ git+{SOURCE}'",
            'release-sync resume --yes --artifacts "$RUNNER_TEMP/bundle" --seal "$SEAL"',
        ]


def test_what_somebody_fills_in_is_a_value_and_never_an_option(green: SmallWorkspace) -> None:
    green.commit()
    for host, flow in product(SCHEMAS, (Flow.DISPATCH, Flow.PULL_REQUEST)):
        text = b"".join(one.after for one in changes(green, host, flow)).decode()
        assert text.count('"$BUMP"') == text.count('--bump "$BUMP"') == 1


def test_jobs_that_run_what_was_checked_out_have_nothing_that_is_worth_it(
    green: SmallWorkspace,
) -> None:
    green.commit()
    green.write("pyproject.toml", (green.root / "pyproject.toml").read_text() + SHAPES["compiled"])
    for flow in Flow:
        jobs = loaded(changes(green, "github", flow)[1])["jobs"]
        for name in ("pure", "build"):
            steps = jobs[name]["steps"]
            assert jobs[name]["permissions"] == {"contents": "read"}
            assert steps[0]["with"]["persist-credentials"] is False
            assert steps[0]["with"]["ref"] == "${{ needs.candidate.outputs.commit }}"
            assert not any("release-sync" in one.get("run", "") for one in steps)
        assert [name for name, one in jobs.items() if "environment" in one] == ["publish"]
        assert jobs["reserved"]["permissions"] == {}
        assert '--seal "$RESERVED"' in str(jobs["prepare"]["steps"]), "bound to what was built"
        assert '--seal "$SEAL"' in str(jobs["publish"]["steps"])


def test_no_job_that_runs_what_was_checked_out_sets_variables_of_one_with_credentials(
    green: SmallWorkspace,
) -> None:
    green.commit()
    before = (green.root / "pyproject.toml").read_text()
    for flow, shape in product(Flow, SHAPES.values()):
        green.write("pyproject.toml", before + shape)
        jobs = loaded(changes(green, "gitlab", flow)[0])
        with_credentials = [one for one in jobs.values() if "environment" in one]
        assert with_credentials
        for one in with_credentials:
            for needed in one["needs"]:
                assert "reports" not in jobs[needed]["artifacts"], "a dotenv report sets any"
            assert "cache" not in one


def test_a_version_that_is_a_tag_is_tagged_before_it_is_built(green: SmallWorkspace) -> None:
    low = green.root / "packages/low/pyproject.toml"
    dynamic = low.read_text().replace('version = "1.0"', 'dynamic = ["version"]')
    low.write_text(dynamic.replace('["hatchling"]', '["hatchling", "hatch-vcs"]')
                   + '[tool.hatch.version]\nsource = "vcs"\n')  # fmt: skip
    green.commit()
    green.write("pyproject.toml", (green.root / "pyproject.toml").read_text() + SHAPES["compiled"])
    jobs = loaded(changes(green, "github")[1])["jobs"]
    for name in ("pure", "build"):
        steps = jobs[name]["steps"]
        assert steps[0]["with"]["fetch-depth"] == 0
        assert steps[2]["run"] == 'git tag --force "$TAG"'
    jobs = loaded(changes(green, "gitlab")[0])
    for name, tag in (("linux-x86-64", '"$tag"'), ("windows-amd64", "$env:tag")):
        assert f"git tag --force {tag}" in jobs[f"build-low-{name}"]["script"]
    assert 'git tag --force "$tag"' in jobs["pure"]["script"]


def test_a_machine_that_a_host_has_not_is_refused_by_name(green: SmallWorkspace) -> None:
    green.commit()
    before = (green.root / "pyproject.toml").read_text()
    table = '[tool.release-sync.artifacts]\nlow = ["cp311-cp311-{}"]\n'
    for host, platform, words in (
        ("github", "manylinux_*_s390x", "GitHub has no runner that builds wheels for linux-s390x"),
        ("gitlab", "macosx_*_x86_64", "GitLab has no runner that builds wheels for macos-x86-64"),
        ("gitlab", "win_arm64", "GitLab has no runner that builds wheels for windows-arm64"),
    ):
        green.write("pyproject.toml", before + table.format(platform))
        with pytest.raises(Unreadable, match=words):
            changes(green, host)
    green.write("pyproject.toml", before + table.format("manylinux_*_x86_64"))
    low = green.root / "packages/low/pyproject.toml"
    low.write_text(
        low.read_text().replace('["hatchling"]', '["maturin"]\nbuild-backend = "maturin"')
    )
    with pytest.raises(Unreadable, match="is built by maturin, and the images of GitLab's jobs"):
        changes(green, "gitlab")
    (_, release) = changes(green, "github")
    assert b"maturin build --release $portable" in release.after


def test_every_action_is_pinned_to_a_commit_with_its_version() -> None:
    for one in ACTIONS.values():
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one), one


def test_what_is_there_and_differs_is_left_alone(green: SmallWorkspace) -> None:
    green.commit()
    for one in changes(green, "github"):
        green.write(one.path, one.after)
    assert changes(green, "github") == []
    green.write(".github/workflows/release.yml", "# mine\n")
    with pytest.raises(Problem, match=r"release\.yml is there already"):
        changes(green, "github")
    green.write(".gitlab-ci.yml", "stages: [build]\n")
    with pytest.raises(Problem, match=r"does not include \.gitlab/release-sync\.yml"):
        changes(green, "gitlab")
    green.write(".gitlab-ci.yml", "include: .gitlab/release-sync.yml\n")
    assert [one.path for one in changes(green, "gitlab")] == [".gitlab/release-sync.yml"]


def test_an_address_of_this_machine_is_written_with_a_warning(green: SmallWorkspace) -> None:
    green.commit()
    check, release = changes(green, "github", source="file:///srv/release-sync@v9")
    assert b"git+file:///srv/release-sync@v9'" in release.after
    assert check.lines[-1] == UNREACHABLE
    assert UNREACHABLE not in changes(green, "github")[0].lines


def test_a_workspace_in_a_folder_is_gone_to(green: SmallWorkspace) -> None:
    green.root.joinpath("below").mkdir()
    for path in ("pyproject.toml", "packages"):
        (green.root / path).rename(green.root / "below" / path)
    green.commit()
    around = surroundings(str(green.root / "below"))
    found = read(WorkingTree(str(green.root / "below")))
    _, release = with_pipelines(around, found, "github", "dispatch", SOURCE)
    steps = loaded(release)["jobs"]["prepare"]["steps"]
    assert any(one.get("run", "").startswith("release-sync -C 'below' prepare") for one in steps)
    green.replace(
        "below/pyproject.toml", "[tool.uv.sources]", f"{SHAPES['compiled']}[tool.uv.sources]"
    )
    found = read(WorkingTree(str(green.root / "below")))
    _, release = with_pipelines(around, found, "github", "dispatch", SOURCE)
    jobs = loaded(release)["jobs"]
    built = '--out-dir "$RUNNER_TEMP/built"'
    assert jobs["pure"]["steps"][-2]["run"].splitlines() == [
        f"uv build below {built}", f"uv build below/packages/low --sdist {built}",
    ]  # fmt: skip
    assert " below/packages/low --output-dir" in jobs["build"]["steps"][-2]["run"]
