"""Tokens as PyPI makes them: macaroons, in the format of libmacaroons."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

from release_sync.effects.index.token_scope import PREFIX


def field(kind: int, data: bytes) -> bytes:
    """Write a field of the format: its type, its length, seven bits in each byte, and the data."""
    length, left = bytearray(), len(data)
    while left > 0x7F:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([kind, *length, left]) + data


def token(*caveats: object) -> str:
    """Write a token as PyPI makes it: one section of its own, one for each caveat, a signature."""
    written = [json.dumps(one).encode() for one in caveats]
    content = b"\x02" + field(1, b"index") + field(2, b"a name" * 30) + b"\x00"
    content += b"".join(field(2, one) + b"\x00" for one in written)
    content += b"\x00" + field(6, b"\x02\x00" * 16)
    return PREFIX + urlsafe_b64encode(content).decode().rstrip("=")
