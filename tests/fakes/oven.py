"""A build backend that anybody can release: what it makes says which version made it."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BUILD = '[build-system]\nrequires = ["scene-oven"]\nbuild-backend = "scene_oven"\n'

BACKEND = """
import base64, hashlib, io, pathlib, tarfile, tomllib, zipfile

VERSION = "{version}"


def head():
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["project"]
    lines = ["Metadata-Version: 2.1", "Name: " + project["name"], "Version: " + project["version"]]
    lines += ["Requires-Python: " + project["requires-python"]]
    lines += ["Requires-Dist: " + one for one in project.get("dependencies", [])]
    name = project["name"].replace("-", "_") + "-" + project["version"]
    return name, "\\n".join(lines).encode() + b"\\n"


def build_sdist(out, settings=None):
    name, metadata = head()
    with tarfile.open(out + "/" + name + ".tar.gz", "w:gz") as archive:
        for path in [pathlib.Path("pyproject.toml"), *sorted(pathlib.Path("src").rglob("*.py"))]:
            archive.add(path, name + "/" + str(path))
        info = tarfile.TarInfo(name + "/PKG-INFO")
        info.size = len(metadata)
        archive.addfile(info, io.BytesIO(metadata))
    return name + ".tar.gz"


def build_wheel(out, settings=None, metadata_folder=None):
    name, metadata = head()
    wheel = "Wheel-Version: 1.0\\nGenerator: scene-oven " + VERSION
    wheel += "\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    files = [
        (str(path.relative_to("src")), path.read_bytes())
        for path in sorted(pathlib.Path("src").rglob("*.py"))
    ]
    files += [(name + ".dist-info/METADATA", metadata), (name + ".dist-info/WHEEL", wheel.encode())]
    record = ""
    with zipfile.ZipFile(out + "/" + name + "-py3-none-any.whl", "w") as archive:
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path), content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
            record += path + ",sha256=" + digest.rstrip("=") + "," + str(len(content)) + "\\n"
        record += name + ".dist-info/RECORD,,\\n"
        archive.writestr(zipfile.ZipInfo(name + ".dist-info/RECORD"), record)
    return name + "-py3-none-any.whl"
"""


def bake(folder: Path, version: str) -> Path:
    """Put a version of the backend into a folder of wheels (uv's ``--find-links``)."""
    backend = BACKEND.replace("{version}", version)
    return put(folder, "scene-oven", version, {"scene_oven.py": backend})


def put(folder: Path, name: str, version: str, files: dict[str, str], requires: str = "") -> Path:
    """Make a wheel in a folder, which ``requires`` another one."""
    base = f"{name.replace('-', '_')}-{version}"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    head += f"Requires-Dist: {requires}\n" if requires else ""
    tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    own = {"METADATA": head, "WHEEL": tags}
    own["RECORD"] = "".join(f"{one},,\n" for one in (*files, *own))
    made = folder / f"{base}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in {**files, **{f"{base}.dist-info/{k}": v for k, v in own.items()}}.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return made
