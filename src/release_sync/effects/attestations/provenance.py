"""The attestations that an index serves of a file: its provenance object (PEP 740)."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from packaging.utils import parse_sdist_filename, parse_wheel_filename

from release_sync.effects.attestations.signature import signature
from release_sync.seals.attestation import Attestation
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.effects.index.released_index import ReleasedIndex
    from release_sync.seals.artifact import Artifact

ACCEPT = "application/vnd.pypi.integrity.v1+json"
"""The content type of a provenance object (PyPI's documentation, "Integrity API")."""

UNKNOWN = "somebody"


def attestations(index: ReleasedIndex, artifact: Artifact, url: str) -> tuple[Attestation, ...]:
    """Return the attestations that an index serves at a URL for an artifact of a release.

    One that is of another file, or that can't be had or read, has a ``problem``.
    """
    content, why = index.page(url, ACCEPT)
    if why:
        return (Attestation(UNKNOWN, problem=f"the provenance can't be had: {why}"),)
    return parse(content, artifact)


def parse(content: bytes, artifact: Artifact) -> tuple[Attestation, ...]:
    """Read a provenance object of an artifact. Raises nothing: what is wrong is a ``problem``."""
    try:
        found = tuple(_attestations(json.loads(content), artifact))
    except Exception as error:  # noqa: BLE001 - a stranger's bytes: nothing can be ruled out
        words = f"its provenance is none as PEP 740 has it: {printable(str(error))[:80]}"
        return (Attestation(UNKNOWN, problem=words),)
    return found or (Attestation(UNKNOWN, problem="its provenance has no attestation"),)


def _attestations(provenance: Any, artifact: Artifact) -> Iterator[Attestation]:  # noqa: ANN401 - a stranger's JSON
    if provenance["version"] != 1:
        raise ValueError("it is of another version")
    for bundle in provenance["attestation_bundles"]:
        publisher = bundle["publisher"]
        for one in bundle["attestations"]:
            statement = json.loads(b64decode(one["envelope"]["statement"], validate=True))
            predicate = str(statement["predicateType"])
            urlsplit(predicate)
            problem = subject_problem(statement, artifact)
            signed = signature(one, publisher, artifact) if not problem else ""
            if signed.startswith("invalid"):
                problem = f"its signature is {signed}"
            yield Attestation(described(publisher), printable(predicate), signed, problem)


def subject_problem(statement: Any, artifact: Artifact) -> str:  # noqa: ANN401 - the same
    """Return why a statement (in-toto, v1) is not about an artifact; empty when it is."""
    subjects = statement["subject"]
    if len(subjects) != 1:
        return f"it is about {len(subjects)} files"
    name, digest = str(subjects[0]["name"]), str(subjects[0]["digest"].get("sha256", ""))
    if _parsed(name) != _parsed(artifact.filename):
        return f"it is about another file, {printable(name)[:80]}"
    if digest != artifact.sha256:
        return f"it is about other bytes, of sha256 {printable(digest)[:12]}"
    return ""


def described(publisher: Any) -> str:  # noqa: ANN401 - the same
    """Return in words who published, as an index says it: kind, repository, workflow."""
    names = ("repository", "workflow", "workflow_filepath", "environment", "email")
    told = [printable(str(publisher[name])) for name in names if publisher.get(name)]
    return ", ".join([f"{printable(str(publisher['kind']))} {told[0]}", *told[1:]]
                     if told else [printable(str(publisher["kind"]))])  # fmt: skip


def _parsed(name: str) -> tuple[object, ...]:
    kind = name.rpartition(".")[2]
    return kind, *(parse_wheel_filename(name) if kind == "whl" else parse_sdist_filename(name))
