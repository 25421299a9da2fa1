"""What a forge says is a stranger's, and stays one line."""

from __future__ import annotations

from release_sync.forges.rules import LONGEST, Act, Answer, Change, Rule, Ruling, names

MAIN = Change("refs/heads/main", Act.UPDATE)


def test_no_word_of_a_forge_begins_a_line_or_is_without_an_end() -> None:
    forged = "a rule\nhint: run this\x1b[31m"
    assert Rule(forged).words == "a rule?hint: run this?[31m"
    assert Ruling(MAIN, unknown=forged).unknown == "a rule?hint: run this?[31m"
    assert Rule("x" * 1_000_000).words == "x" * LONGEST + "…"
    assert Rule("x" * LONGEST).words == "x" * LONGEST


def test_an_answer_of_another_shape_is_as_an_empty_one() -> None:
    for data in (None, "x", 1, [1], {"a": 1}):
        answer = Answer(200, data)
        assert answer.items == []
        assert answer.fields == (data if isinstance(data, dict) else {})
    assert Answer(200, [{"a": 1}, 2]).items == [{"a": 1}]
    assert names(["a", 1, {"b": "c"}]) == ["a"]
    assert names(["a", {"b": "c"}, {"b": 1}], "b") == ["a", "c"]
    assert names("abc") == []


def test_a_change_is_named_as_people_name_it() -> None:
    assert (str(MAIN), MAIN.is_branch) == ("the push to main", True)
    tag = Change("refs/tags/v1", Act.CREATE)
    assert (str(tag), tag.is_branch) == ("the creation of v1", False)
