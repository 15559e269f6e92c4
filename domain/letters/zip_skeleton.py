"""A ZIP file most of whose members never change: those are compressed once and copied, only the others are made anew."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from domain.letters.zip_stream import FIRST_OF_JANUARY_1980, VERSION, Packed, entry_name

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")


def _local(name: bytes, flags: int, content: Packed) -> bytes:
    """The header that stands before the content."""
    sizes = (content.crc, len(content.data), content.size)
    return LOCAL.pack(b"PK\3\4", VERSION, flags, content.method, 0, FIRST_OF_JANUARY_1980, *sizes, len(name), 0) + name


def _central(name: bytes, flags: int, content: Packed, offset: int) -> bytes:
    """The entry in the list at the end of the file."""
    common = (flags, content.method, 0, FIRST_OF_JANUARY_1980, content.crc, len(content.data), content.size)
    return CENTRAL.pack(b"PK\1\2", VERSION, VERSION, *common, len(name), 0, 0, 0, 0, 0, offset) + name


@dataclass(frozen=True)
class Skeleton:
    """The members that never change, ready to be copied: `start` with their contents, `directory` with their entries."""

    start: bytes
    directory: bytes
    count: int

    @classmethod
    def of(cls, parts: Iterable[tuple[str, bytes]]) -> Skeleton:
        """Packs the members that never change, in this order."""
        start, directory, count, offset = [], [], 0, 0
        for name, data in parts:
            content = Packed.smallest(data)
            local = _local(*entry_name(name), content)
            directory.append(_central(*entry_name(name), content, offset))
            start += [local, content.data]
            offset += len(local) + len(content.data)
            count += 1
        return cls(b"".join(start), b"".join(directory), count)

    def file(self, changed: Iterable[tuple[bytes, int, bytes]]) -> bytes:
        """The ZIP file with the members that changed after the others: name and flags (`entry_name`), content."""
        pieces, directory, offset, count = [self.start], [self.directory], len(self.start), self.count
        for name, flags, data in changed:
            content = Packed.of(data)
            local = _local(name, flags, content)
            directory.append(_central(name, flags, content, offset))
            pieces.append(local)
            pieces.append(content.data)
            offset += len(local) + len(content.data)
            count += 1
        entries = b"".join(directory)
        pieces.append(entries)
        pieces.append(END.pack(b"PK\5\6", 0, 0, count, count, len(entries), offset, 0))
        return b"".join(pieces)
