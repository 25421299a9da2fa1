"""What `init` promises, for workspaces and tags drawn by chance."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.fakes.command_line import release_sync
from tests.properties.laid_out import contents, findings, on_disk
from tests.properties.profile import EXAMPLES
from tests.properties.workspaces import NAMES, VERSIONS, Generated, workspaces

from release_sync.cli.adoption.proposal import lacking, propose
from release_sync.cli.adoption.report import MOST
from release_sync.cli.adoption.surroundings import Surroundings
from release_sync.cli.adoption.trial import tried
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

FILTERED = [HealthCheck.filter_too_much]
"""Most drawn workspaces have a table already."""

tags = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "v", "release-", "x@", *(f"{one}-v" for one in NAMES), *NAMES]),
        st.sampled_from([*VERSIONS, "latest", ""]),
    ),
)


def is_adopted(generated: Generated) -> bool:
    """Return whether there is a table already, which `init` leaves as it is."""
    return b"[tool.release-sync" in generated.files["pyproject.toml"].data


@settings(
    max_examples=max(EXAMPLES // 3, 1), suppress_health_check=FILTERED
)  # each example is some ten checks
@given(generated=workspaces())
def test_init_says_what_the_check_finds_and_does_nothing_twice(generated: Generated) -> None:
    assume(not is_adopted(generated))
    with on_disk(generated) as root:
        before = (root / "pyproject.toml").read_bytes()
        said = release_sync("init", root)
        assert said.exit_code == 0, said.output
        once = contents(root, generated)
        assert once.pop("pyproject.toml").startswith(before)
        found = findings(root)
        assert all(f"  {one}" in said.output.split("\n") for one in found[:MOST])
        assert not (found and "all defaults are right" in said.output)
        again = release_sync("init", root)
        assert "Nothing was changed" in again.output
        assert "the table could say" not in again.output
        assert contents(root, generated).items() >= once.items()


@settings(max_examples=max(EXAMPLES // 5, 1), suppress_health_check=FILTERED)
@given(generated=workspaces())
def test_without_a_declared_workspace_the_packages_are_found_or_the_choices_shown(
    generated: Generated,
) -> None:
    assume(not is_adopted(generated))
    with on_disk(generated, in_git=True) as root:
        manifest = root / "pyproject.toml"
        manifest.write_bytes(manifest.read_bytes().replace(b"[tool.uv.workspace]", b"[tool.other]"))
        before = contents(root, generated)
        said = release_sync("init", root)
        once = contents(root, generated)
        if said.exit_code:
            assert "error: no workspace" in said.stderr
            assert (once, "\n[tool.release-sync]\n" in said.stderr) == (before, True)
            return
        assert once.pop("pyproject.toml").startswith(before["pyproject.toml"])
        assert all(f"  {one}" in said.output.split("\n") for one in findings(root)[:MOST])
        again = release_sync("init", root)
        assert "Nothing was changed" in again.output
        assert "the table could say" not in again.output
        assert contents(root, generated).items() >= once.items()


@settings(max_examples=max(EXAMPLES // 2, 1), suppress_health_check=FILTERED)
@given(generated=workspaces(), drawn=st.lists(tags, max_size=5).map(tuple))
def test_whatever_the_tags_are_nothing_but_strays_is_out_of_step(
    generated: Generated, drawn: tuple[str, ...]
) -> None:
    with on_disk(generated) as root:
        tree = WorkingTree(str(root))
        if is_adopted(generated):
            keys = {one.key for one in lacking(tree, Surroundings(tags=drawn))}
            assert not keys & {*read(tree).manifest.tool("release-sync").content}
            return
        found = propose(tree, Surroundings(tags=drawn))
        under = tried(tree, found.settings)
        assert lacking(under.tree, Surroundings(tags=drawn)) == ()
        apart = [one for one in under.findings if one.code == "RS101"]
        # Where more members were forgotten than not, it is the others that the rule reports.
        assert bool(apart) <= bool(found.strays)
