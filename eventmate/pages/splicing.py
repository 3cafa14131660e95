"""Compressed pages of pieces: those that are the same for everyone are compressed once, and what is
one visitor's is put between them as it is. So nothing that a visitor sends is compressed together
with what is secret: the length of the page tells nothing of it (docs/adr/0020-compression.md).
"""

import struct
import zlib
from collections.abc import Sequence

HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LEVEL = 6
# RFC 1951, 3.2.4: blocks that are not compressed, of so many bytes at most.
LARGEST_STORED = 0xFFFF
END = b"\x01\x00\x00\xff\xff"


def compressed(piece: bytes) -> bytes:
    """Blocks of deflate that refer to nothing before them and end with a whole byte."""
    stream = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(piece) + stream.flush(zlib.Z_FULL_FLUSH)


def stored(text: bytes) -> bytes:
    """The same for what is not compressed."""
    blocks = []
    for start in range(0, len(text), LARGEST_STORED):
        block = text[start : start + LARGEST_STORED]
        blocks.append(struct.pack("<BHH", 0, len(block), 0xFFFF - len(block)) + block)
    return b"".join(blocks)


def gzip_of(pieces: Sequence[bytes], ready: Sequence[bytes], texts: Sequence[bytes]) -> bytes:
    """The file of ``pieces`` with ``texts`` between them, one fewer; ``ready`` are the pieces
    ``compressed``.
    """
    checksum, length = 0, 0
    blocks = [HEAD]
    for index, piece in enumerate(pieces):
        checksum, length = zlib.crc32(piece, checksum), length + len(piece)
        blocks.append(ready[index])
        if index < len(texts):
            text = texts[index]
            checksum, length = zlib.crc32(text, checksum), length + len(text)
            blocks.append(stored(text))
    blocks += [END, struct.pack("<LL", checksum, length & 0xFFFFFFFF)]
    return b"".join(blocks)
