"""The signature of an attestation, verified by pypi-attestations where that is installed.

That library is the reference implementation of PEP 740, which PyPI itself runs. It stands on
sigstore, with thirty more packages: so it is an extra of its own, and imported late.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from release_sync.errors import Problem
from release_sync.seals.attestation import VERIFIED
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from release_sync.seals.artifact import Artifact

INSTALL = "pip install 'pypi-attestations>=0.0.28'"

UNREADABLE = "it is no attestation as PEP 740 has it"

MISSING = f"signature not verified: that needs `{INSTALL}`"


def signature(attestation: Any, publisher: Any, artifact: Artifact) -> str:  # noqa: ANN401 - a stranger's JSON
    """Return ``VERIFIED``, why that could not be asked, or `invalid` and why.

    It is verified against the roots of trust that come with sigstore: nobody is asked.
    """
    try:
        from pypi_attestations import (  # noqa: PLC0415 - see above
            AttestationBundle,
            AttestationError,
            Distribution,
        )
    except ImportError:
        return MISSING
    try:
        bundle = AttestationBundle.model_validate_json(
            json.dumps({"publisher": publisher, "attestations": [attestation]})
        )
    except ValueError:
        return "signature not verified: pypi-attestations does not know such a publisher"
    logging.getLogger("sigstore").setLevel(logging.ERROR)  # it says that it is offline
    distribution = Distribution(name=artifact.filename, digest=artifact.sha256)
    try:
        bundle.attestations[0].verify(bundle.publisher, distribution, offline=True)
    except AttestationError as error:
        return f"invalid: {_said(error)}"
    except Exception as error:  # noqa: BLE001 - a certificate that is none, or no root of trust
        return f"signature not verified: {printable(str(error))[:80]}"
    return VERIFIED


def file_problem(content: bytes, artifact: Artifact) -> str:
    """Return why a file with an attestation does not hold for an artifact; empty when it does.

    Who signed it is not known before, so any identity will do: an index compares it with its
    trusted publisher. Raises Problem where pypi-attestations is not installed.
    """
    try:
        from pypi_attestations import Attestation, AttestationError, Distribution  # noqa: PLC0415
        from sigstore.verify.policy import UnsafeNoOp  # noqa: PLC0415 - see above
    except ImportError as error:
        raise Problem(
            f"{artifact.filename} comes with an attestation, which can't be checked here",
            hint=f"run `{INSTALL}` in the environment of release-sync; or take the file away",
        ) from error
    try:
        attestation = Attestation.model_validate_json(content)
    except ValueError:
        return UNREADABLE
    logging.getLogger("sigstore").setLevel(logging.ERROR)
    try:
        distribution = Distribution(name=artifact.filename, digest=artifact.sha256)
        attestation.verify(UnsafeNoOp(), distribution, offline=True)
    except AttestationError as error:
        return _said(error)
    except Exception as error:  # noqa: BLE001 - as above: what can't be verified does not hold
        return f"it can't be verified: {printable(str(error))[:80]}"
    return ""


def _said(error: Exception) -> str:
    return printable(str(error)).removeprefix("Verification failed: ")
