"""No secret is published, and what can't be searched for one is not passed over."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from release_sync.effects.verification.secret_scan import leaks

if TYPE_CHECKING:
    from pathlib import Path


def test_a_damaged_file_is_no_file_without_secrets(tmp_path: Path) -> None:
    wheel = tmp_path / "kit-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("kit/secret.py", "hunter22")
        archive.writestr("kit/other.py", "fine")
    assert leaks([wheel], {"hunter22": "TOKEN"}) == [
        f"{wheel.name}: kit/secret.py holds the secret of TOKEN"
    ]
    wheel.write_bytes(wheel.read_bytes().replace(b"hunter22", b"hunter23"))
    (words,) = leaks([wheel], {"hunter22": "TOKEN"})
    assert words.startswith(f"{wheel.name}: can't be looked through for secrets: ")
    assert leaks([wheel], {}) == []
