"""A ZIP written entry by entry in constant memory: small entries whole, large ones from where they wait compressed.

The same entries always give the same bytes. Above 65,535 entries or 4 GB the file is a zip64.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import IO

from domain.letters.compression import checksum, deflate, deflate_well, packer

IN_MEMORY = 8 * 1024 * 1024
CHUNK = 1 << 20
STORED, DEFLATED = 0, 8
UTF_8_NAME = 0x800
FIRST_OF_JANUARY_1980 = 0x21
VERSION, VERSION_ZIP64 = 20, 45
LARGEST_16, LARGEST_32 = 0xFFFF, 0xFFFFFFFF


def space() -> IO[bytes]:
    """Where text waits, on disk when it becomes large; whoever asks for it closes it."""
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


def entry_name(name: str) -> tuple[bytes, int]:
    """A name as a ZIP holds it, and the flag that says how it is encoded."""
    return name.encode("utf-8"), 0 if name.isascii() else UTF_8_NAME


@dataclass(frozen=True)
class Packed:
    """The content of an entry as it stands in a ZIP; `crc` and `size`: of what it is when it is unpacked."""

    method: int
    crc: int
    size: int
    data: bytes

    @classmethod
    def of(cls, data: bytes, pack: Callable[[bytes], bytes] = deflate) -> Packed:
        """Compressed."""
        return cls(DEFLATED, checksum(data), len(data), pack(data))

    @classmethod
    def smallest(cls, data: bytes) -> Packed:
        """Compressed as well as possible, or as it is where that is smaller."""
        packed = cls.of(data, deflate_well)
        return packed if len(packed.data) < len(data) else cls(STORED, packed.crc, len(data), data)


class Waiting:
    """Text on its way into a ZIP, compressed while it comes and kept on disk when it becomes large."""

    def __init__(self) -> None:
        self._packer = packer()
        self._file = space()
        self.size = 0
        self.crc = 0

    def write(self, data: bytes) -> None:
        """Takes more of the text."""
        self.crc = checksum(data, self.crc)
        self.size += len(data)
        self._file.write(self._packer.compress(data))

    def finish(self) -> IO[bytes]:
        """The compressed text, from its beginning; nothing can be written after this."""
        self._file.write(self._packer.flush())
        return self._file

    def close(self) -> None:
        """Gives back the space."""
        self._file.close()


class ZipStream:
    """A ZIP being written to `target`, which stands at its beginning. `close` writes the directory."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._at = 0
        self._directory = bytearray()
        self._count = 0

    def __enter__(self) -> ZipStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()

    def add(self, name: str, data: bytes, pack: Callable[[bytes], bytes] = deflate) -> None:
        """An entry, compressed."""
        self.add_packed(name, Packed.of(data, pack))

    def add_packed(self, name: str, content: Packed) -> None:
        """An entry that was compressed before."""
        self._begin(name, content.method, content.crc, len(content.data), content.size)
        self._write(content.data)

    def store(self, name: str, data: bytes) -> None:
        """An entry as it is; for what is compressed already."""
        self._begin(name, STORED, checksum(data), len(data), len(data))
        self._write(data)

    def add_waiting(self, name: str, text: Waiting) -> None:
        """An entry that waited compressed."""
        file = text.finish()
        packed_size = file.tell()
        self._begin(name, DEFLATED, text.crc, packed_size, text.size)
        file.seek(0)
        self._copy(file)

    def store_file(self, name: str, file: IO[bytes]) -> None:
        """The content of a file as it is. It is read twice: once for its checksum."""
        file.seek(0)
        size = crc = 0
        while chunk := file.read(CHUNK):
            size, crc = size + len(chunk), checksum(chunk, crc)
        self._begin(name, STORED, crc, size, size)
        file.seek(0)
        self._copy(file)

    def close(self) -> None:
        """Writes the directory. The target stays open."""
        start, size, count = self._at, len(self._directory), self._count
        self._target.write(self._directory)
        if count >= LARGEST_16 or start + size >= LARGEST_32:
            record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
            self._target.write(record + struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1))
        of_count = min(count, LARGEST_16)
        place = (min(size, LARGEST_32), min(start, LARGEST_32))
        self._target.write(struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, of_count, of_count, *place, 0))

    def _begin(self, name: str, method: int, crc: int, packed_size: int, size: int) -> None:
        encoded, flags = entry_name(name)
        large = size >= LARGEST_32 or packed_size >= LARGEST_32
        extra = struct.pack("<2H2Q", 1, 16, size, packed_size) if large else b""
        sizes = (LARGEST_32, LARGEST_32) if large else (packed_size, size)
        far = [self._at] if self._at >= LARGEST_32 else []
        in_directory = [size, packed_size, *far] if large else far
        wide = struct.pack(f"<2H{len(in_directory)}Q", 1, 8 * len(in_directory), *in_directory) if in_directory else b""
        version = VERSION_ZIP64 if in_directory else VERSION
        common = (flags, method, 0, FIRST_OF_JANUARY_1980, crc, *sizes, len(encoded))
        self._directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", version, version, *common, len(wide), 0, 0, 0, 0, min(self._at, LARGEST_32)
        )
        self._directory += encoded + wide
        self._count += 1
        self._write(struct.pack("<4s5H3I2H", b"PK\3\4", version, *common, len(extra)) + encoded + extra)

    def _copy(self, file: IO[bytes]) -> None:
        while chunk := file.read(CHUNK):
            self._write(chunk)

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._at += len(data)
