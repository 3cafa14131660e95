"""What glibc has of this process."""

import ctypes
import re

import gevent

LARGE, LESS_LARGE = 2**24, 2**21


def heaps_with_threads() -> int:
    """How many heaps there are once a thread of gevent's pool has had some memory."""
    gevent.get_hub().threadpool.apply(bytearray, (2000,))
    return len(re.findall("<heap ", info()))


def grown_by_a_block_after_a_larger_one() -> bool:
    """Whether a large block is in the heap where a larger one has been given back before."""
    larger = bytearray(LARGE)
    del larger
    before = in_heaps()
    block = bytearray(LESS_LARGE)
    return in_heaps() - before >= len(block)


def in_heaps() -> int:
    """Bytes that are used, or were and may be again."""
    return int(re.findall(r'<system type="current" size="(\d+)"/>', info())[-1])


def in_use() -> int:
    """Bytes that are used, wherever they are."""
    sizes = re.findall(r'<total type="(\w+)" count="\d+" size="(\d+)"/>', info())
    of_all = {kind: int(size) for kind, size in sizes}
    return in_heaps() + of_all["mmap"] - of_all["fast"] - of_all["rest"]


def info() -> str:
    """The XML that glibc writes."""
    libc = ctypes.CDLL(None)
    libc.open_memstream.restype = ctypes.c_void_p
    text, size = ctypes.c_void_p(), ctypes.c_size_t()
    stream = ctypes.c_void_p(libc.open_memstream(ctypes.byref(text), ctypes.byref(size)))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    written = ctypes.string_at(text, size.value).decode()
    libc.free(text)
    return written
