"""Fast compression for letters: zlib's quickest level, or ISA-L's where the package `isal` is installed."""

from __future__ import annotations

import zlib
from typing import Any, Protocol

quick: Any
try:
    from isal import isal_zlib
except ImportError:
    quick = zlib
else:
    quick = isal_zlib

RAW = -15
FAST, WELL = 1, 6


class Packer(Protocol):
    """Compresses a text piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """What is ready of the stream."""

    def flush(self) -> bytes:
        """The rest of it."""


def deflate(data: bytes) -> bytes:
    """`data` as a raw deflate stream, as a member of a ZIP file holds it."""
    return bytes(quick.compress(data, FAST, wbits=RAW))


def deflate_well(data: bytes) -> bytes:
    """`data` as a raw deflate stream, made once and copied often."""
    return zlib.compress(data, WELL, wbits=RAW)


def packer() -> Packer:
    """Makes a raw deflate stream while its text comes."""
    made: Packer = quick.compressobj(FAST, zlib.DEFLATED, RAW)
    return made


def checksum(data: bytes, before: int = 0) -> int:
    """The CRC-32 of `data`. `before`: that of what came before it."""
    return int(quick.crc32(data, before))
