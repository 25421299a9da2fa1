"""The upload of one member, in words."""

from __future__ import annotations

import pytest
from tests.fakes.world import FakeIndex
from tests.run.told import begun, forge
from tests.steps.held import known, world

from release_sync.steps.uploading.upload import Upload


@pytest.mark.parametrize(
    ("there", "files", "said"),
    [
        (0, 2, "low 0.1.11 (2 files, served after 0s)"),
        (1, 2, "low 0.1.11 (2 files, 1 there already, served after 0s)"),
        (0, 1, "low 0.1.11 (1 file, served after 0s)"),
    ],
)
def test_files_are_counted_and_those_that_were_there(there: int, files: int, said: str) -> None:
    story = begun()
    made = known(story).seal
    low, others = made.of("low"), [one for one in made.artifacts if one.member != "low"]
    forge(story, claimed=True, artifacts=(*low[:files], *others))
    assert isinstance(story.index, FakeIndex)
    story.index.served = {one.filename: one.sha256 for one in low[:there]}
    assert Upload("low", "0.1.11").perform(world(story), known(story)).detail == said
