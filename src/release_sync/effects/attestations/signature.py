"""The signature of an attestation, verified by pypi-attestations where that is installed.

That library is the reference implementation of PEP 740, which PyPI itself runs. It stands on
sigstore, with thirty more packages: so it is an extra of its own, and imported late.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from release_sync.seals.attestation import VERIFIED
from release_sync.seals.fields import printable

if TYPE_CHECKING:
    from release_sync.seals.artifact import Artifact

INSTALL = "pip install 'pypi-attestations>=0.0.28'"

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
        return f"invalid: {printable(str(error)).removeprefix('Verification failed: ')}"
    except Exception as error:  # noqa: BLE001 - a certificate that is none, or no root of trust
        return f"signature not verified: {printable(str(error))[:80]}"
    return VERIFIED
