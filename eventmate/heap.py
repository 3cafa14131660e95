"""How glibc keeps the memory of a web worker. Other C libraries have their own ways, and are left
alone. docs/adr/0037-memory-of-workers.md has what that saves.
"""

import ctypes

# Of <malloc.h>.
M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8

TRIM_THRESHOLD = 2**20
MMAP_THRESHOLD = 2**17


def keep_small() -> None:
    """Have all threads use one heap, and what is free at its end given back. Large blocks have
    memory of their own, which goes with them.

    Without it each thread of gevent's pool has a heap, and what counts as large grows up to 32 MB
    with the blocks that are freed: what was in their place stays scattered over the heap.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD)
        mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD)
