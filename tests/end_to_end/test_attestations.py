"""A real sdist with its real attestation, built elsewhere: sealed, handed on and uploaded."""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.contracts.test_store import ATTESTED
from tests.effects.attestations.test_files import ATTESTATION, NAME
from tests.end_to_end.conftest import configuration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

TOP = ATTESTED.name.removesuffix(".tar.gz")
SYSTEM = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
OF_THE_BUILD = ("PKG-INFO", "setup.cfg", "src/pypi_attestations.egg-info/")
"""What of the sdist is no source."""


@pytest.fixture
def scene(make_scene: Callable[..., Scene]) -> Scene:
    """The sources of the sdist, at the version before, as one member; nothing is installed."""
    made = make_scene({"pypi-attestations": ()})
    for path in made.clone.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    root = configuration(made.index).replace('verify = "quick"', 'verify = "metadata"')
    made.write("pyproject.toml", root)
    for name, content in sources().items():
        text = content.decode().replace('__version__ = "0.0.19"', '__version__ = "0.0.18"')
        made.write(f"packages/kit/{name}", text)
    made.commit("Begin again")
    made.git("push", "-q", "--force", "origin", "main")
    return made


def sources() -> dict[str, bytes]:
    """Return the files of the sdist that git would have, and what it was built with."""
    found = {}
    with tarfile.open(ATTESTED) as archive:
        for one in archive:
            path, file = one.name.partition("/")[2], archive.extractfile(one)
            if file is not None and not path.startswith(OF_THE_BUILD):
                found[path] = file.read()
    project = found["pyproject.toml"].decode()
    found["pyproject.toml"] = f"{project}\n{SYSTEM}".encode()
    return found


def wheel(folder: Path) -> Path:
    """Make the wheel of it."""
    with tarfile.open(ATTESTED) as archive:
        metadata = archive.extractfile(f"{TOP}/PKG-INFO")
        assert metadata is not None
        files = {f"{TOP}.dist-info/METADATA": metadata.read()}
    tags = b"Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{TOP}.dist-info/WHEEL"] = tags
    files[f"{TOP}.dist-info/LICENSE"] = sources()["LICENSE"]
    modules = {path: one for path, one in sources().items() if path.startswith("src/")}
    files |= {path.removeprefix("src/"): one for path, one in modules.items()}
    record = f"{TOP}.dist-info/RECORD,,\n"
    made = folder / f"{TOP}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
            digest = urlsafe_b64encode(sha256(content).digest()).decode().rstrip("=")
            record += f"{path},sha256={digest},{len(content)}\n"
        archive.writestr(zipfile.ZipInfo(f"{TOP}.dist-info/RECORD"), record)
    return made


@pytest.mark.slow
def test_an_attestation_is_sealed_handed_on_and_uploaded(scene: Scene) -> None:
    done = scene.run("prepare", "--yes", "--candidate")
    assert done.returncode == 0, done.stderr
    collected, bundle = scene.folder / "collected", scene.folder / "bundle"
    collected.mkdir()
    shutil.copy(ATTESTED, collected)
    attested = wheel(collected).name
    (collected / f"{attested}.publish.attestation").write_bytes(ATTESTATION)
    (collected / NAME).write_bytes(ATTESTATION)
    seal = ("prepare", "--yes", "--artifacts", str(collected), "--output", str(bundle))
    done = scene.run(*seal)
    assert done.returncode == 1, done.stderr
    assert f"{attested}.publish.attestation: subject does not match" in done.stderr
    (collected / f"{attested}.publish.attestation").unlink()
    done = scene.run(*seal)
    assert done.returncode == 0, done.stderr
    document = json.loads((bundle / "release.json").read_text(encoding="utf-8"))
    (named,) = (one for file in document["files"] for one in file["attestations"])
    assert named == {"filename": NAME, "sha256": sha256(ATTESTATION).hexdigest()}
    assert (bundle / NAME).read_bytes() == ATTESTATION
    assert scene.run(*seal, cwd=scene.another_clone("again")).returncode == 0

    publisher = scene.another_clone("publisher")
    (bundle / NAME).write_bytes(ATTESTATION + b" ")
    resume = ("resume", "--yes", "--artifacts", str(bundle), "--seal", document["seal"])
    done = scene.run(*resume, cwd=publisher)
    assert (done.returncode, NAME in done.stderr) == (1, True), done.stderr
    (bundle / NAME).write_bytes(ATTESTATION)
    done = scene.run(*resume, cwd=publisher)
    assert done.returncode == 0, done.stderr
    assert scene.served() == sorted([ATTESTED.name, attested])
    message = scene.git("cat-file", "tag", "v0.0.19", cwd=scene.remote)
    assert f"sha256:{named['sha256']} {NAME}" in message
