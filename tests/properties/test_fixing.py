"""What `--fix` promises, for workspaces drawn by chance."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.laid_out import contents, findings, on_disk
from tests.properties.workspaces import Generated, workspaces

from release_sync.guardrail.hook_result import apply_fixes
from release_sync.rules.pins import pin_violation
from release_sync.standards.names import normalise
from release_sync.standards.poetry import constraint
from release_sync.standards.specifiers import remedy, specifier
from release_sync.standards.versions import is_same
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read


@given(generated=workspaces())
def test_what_fix_wrote_is_green(generated: Generated) -> None:
    with on_disk(generated) as root:
        assert all(finding.fixable for finding in findings(root))
        apply_fixes(str(root))
        assert findings(root) == ()
        workspace = read(WorkingTree(str(root)))
        for place in generated.places:
            member = workspace.member(normalise(place.name))
            assert (member.version, member.group) == (place.version, place.group)


@given(generated=workspaces())
def test_whoever_is_behind_its_group_is_told_and_no_other(generated: Generated) -> None:
    with on_disk(generated) as root:
        workspace = read(WorkingTree(str(root)))
        places = {normalise(one.name): one for one in generated.places}
        behind = {
            name
            for name, place in places.items()
            if not is_same(workspace.member(name).version or "", place.version)
        }
        assert {one.member for one in findings(root) if one.code == "RS101"} == behind


@given(generated=workspaces())
def test_a_second_fix_changes_nothing(generated: Generated) -> None:
    with on_disk(generated) as root:
        apply_fixes(str(root))
        once = contents(root, generated)
        assert apply_fixes(str(root)).code == 0
        assert contents(root, generated) == once


@given(generated=workspaces())
def test_a_fix_changes_no_byte_outside_of_what_was_wrong(generated: Generated) -> None:
    with on_disk(generated) as root:
        # A lock that agrees with a wrong version is right until that version is mended.
        wrong = {finding.path for finding in findings(root)}
        wrong |= {path for path in generated.files if path.endswith("uv.lock")}
        apply_fixes(str(root))
        for path, data in contents(root, generated).items():
            file = generated.files[path]
            assert file.is_kept_by(data), path
            assert path in wrong or data == file.data, path


def test_a_pin_is_written_to_its_name_and_not_to_its_marker() -> None:
    text = "low ; extra == 'x'"
    better = remedy(specifier(text), "exact", "1.0")
    assert better is not None
    assert f"{text[: better.start]}{better.text}{text[better.end :]}" == "low==1.0 ; extra == 'x'"


clauses = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["==", "===", "~=", ">=", "<", "!="]),
        st.sampled_from(["", " "]),
        st.sampled_from(["1.2.0", "1.3", "1.2.0+cu118", "2024.1", "1!2.0", "9" * 5000]),
    ),
)


@given(
    said=st.lists(clauses, max_size=2).map(",".join),
    wanted=st.sampled_from(["exact", "compatible", "any"]),
    version=st.sampled_from(["1.3.0", "1.2.0+cu118", "2024", "2024.post1", "1!2.1", "1.0rc1"]),
)
def test_what_is_written_instead_of_a_specifier_is_right(
    said: str, wanted: str, version: str
) -> None:
    for before, take_apart in (("low", specifier), ("", constraint)):
        text = before + said
        better = remedy(take_apart(text), wanted, version)
        if better is not None:
            after = take_apart(f"{text[: better.start]}{better.text}{text[better.end :]}")
            assert pin_violation(after, wanted, version, version) == ("", "")
