"""A build backend that needs nothing: for members that are built by their own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SYSTEM = """\
[build-system]
requires = []
build-backend = "own"
backend-path = ["."]
"""

MANIFEST = (
    """\
[project]
name = "{name}"
version = "{version}"
requires-python = ">=3.11"

"""
    + SYSTEM
)

BACKEND = """\
import base64, hashlib, io, os, tarfile, tomllib, zipfile

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
stem = f"{project['name'].replace('-', '_')}-{project['version']}"
metadata = f"Metadata-Version: 2.1\\nName: {project['name']}\\nVersion: {project['version']}\\n"
if "requires-python" in project:
    metadata += f"Requires-Python: {project['requires-python']}\\n"
for one in project.get("dependencies", ()):
    metadata += f"Requires-Dist: {one}\\n"


def packaged(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if one not in (".git", "__pycache__"))
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), root)


def digest(text):
    found = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256={found.rstrip('=')}"


def build_sdist(folder, settings=None):
    name = f"{stem}.tar.gz"
    with tarfile.open(os.path.join(folder, name), "w:gz") as archive:
        entry = tarfile.TarInfo(f"{stem}/PKG-INFO")
        entry.size = len(metadata)
        archive.addfile(entry, io.BytesIO(metadata.encode()))
        for path in packaged("."):
            archive.add(path, f"{stem}/{path}")
    return name


def build_wheel(folder, settings=None, metadata_folder=None):
    name = f"{stem}-py3-none-any.whl"
    files = {path: open(f"src/{path}").read() for path in packaged("src")}
    info = f"{stem}.dist-info"
    files[f"{info}/METADATA"] = metadata
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    rows = [f"{path},{digest(text)},{len(text.encode())}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\\n".join([*rows, f"{info}/RECORD,,\\n"])
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return name
"""


def write_member(folder: Path, name: str, backend: str = BACKEND, version: str = "1.0") -> Path:
    """Write a member that is built by its own ``backend``, and return its folder."""
    package = folder / "src" / name.replace("-", "_")
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f'"""The package {name}."""\n', encoding="utf-8")
    manifest = MANIFEST.format(name=name, version=version)
    (folder / "pyproject.toml").write_text(manifest, encoding="utf-8")
    (folder / "own.py").write_text(backend, encoding="utf-8")
    return folder
