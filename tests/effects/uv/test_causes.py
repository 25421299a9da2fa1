"""Why uv could not install something, from what its versions really print."""

from __future__ import annotations

from release_sync.effects.uv.causes import LONGEST, causes

RESOLVED = """\
Using Python 3.11.7 environment at: e2
error: No solution found when resolving dependencies
  cause: Because there is no version of b==1.1 and all versions of a depend on b==1.1, we can \
conclude that all versions of a cannot be used.
         And because you require a==1.0, we can conclude that your requirements are unsatisfiable.

hint: `b` was found on file:///s, and it may be on a subsequent index
hint: You require CPython 3.13 (`cp313`), but we only found wheels with these tags: `cp36m`, `cp37m`
"""
OLDER = """\
  \u00d7 No solution found when resolving dependencies:
  ╰─▶ Because there is no version of b==1.1 and a==1.0 depends on b==1.1, we can conclude that
      a==1.0 cannot be used.

      hint: `b` was found on file:///s, and it may be on a subsequent index
"""
BUILT = """\
   Building bad @ file:///bad
error: Failed to build `bad @ file:///bad`
  cause: The build backend returned an error
  cause: Call to `hatchling.build.build_wheel` failed (exit status: 1)

         [stderr]
         Traceback (most recent call last):
           File "<string>", line 14, in <module>
         RuntimeError: no way

hint: Build failures usually indicate a problem with the package or the build environment
"""


def test_the_last_cause_comes_first_and_no_hint_is_shown() -> None:
    first, then, above = causes(RESOLVED).split("\n    ")
    assert first.startswith("Because there is no version of b==1.1 and all versions of a depend")
    assert then.startswith("And because you require a==1.0")
    assert above == "No solution found when resolving dependencies"
    assert "cp36m" not in causes(RESOLVED)


def test_older_versions_draw_their_chain() -> None:
    said = causes(OLDER).split("\n    ")
    assert said[0].startswith("Because there is no version of b==1.1")
    assert said[1:] == ["a==1.0 cannot be used.", "No solution found when resolving dependencies:"]


def test_what_a_build_printed_last_is_the_cause() -> None:
    assert causes(BUILT).split("\n    ") == [
        "RuntimeError: no way",
        "Call to `hatchling.build.build_wheel` failed (exit status: 1)",
        "The build backend returned an error",
        "Failed to build `bad @ file:///bad`",
    ]


def test_a_hint_that_says_what_to_do_is_kept() -> None:
    hint = "hint: An index URL could not be queried due to a lack of valid credentials (401)."
    assert causes(f"{RESOLVED}\n{hint}\n      and more").split("\n    ")[-1] == hint


def test_what_has_no_chain_is_shown_as_it_is() -> None:
    assert causes("something\nwent wrong\n").startswith("went wrong")
    assert causes("")


def test_a_line_without_end_is_cut() -> None:
    assert len(causes(f"error: {'x' * 10_000}")) < LONGEST + 10
