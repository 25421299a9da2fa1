"""Every screen that is kept is one that a test holds."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_no_screen_is_left_over() -> None:
    texts = [file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py")]
    held = {name for text in texts for name in re.findall(r'"([a-z-]+)"\)\n', text)}
    assert {file.stem for file in (HERE / "screens").iterdir()} <= held
    assert len(list((HERE / "screens").iterdir())) >= 20
