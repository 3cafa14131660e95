from functools import cache

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from gevent import monkey
from gevent.threadpool import ThreadPool

# Of one process. What waits for a thread holds up nobody else.
THREADS = 4


class PBKDF2InThreadHasher(PBKDF2PasswordHasher):
    """Django's own, hash for hash, that does not hold up the other requests of a gevent worker.

    A hash takes a good part of a second, in which a greenlet would let no other run.
    """

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        if not monkey.is_module_patched("threading"):
            return super().encode(password, salt, iterations)
        return _threads().apply(super().encode, (password, salt, iterations))


@cache
def _threads() -> ThreadPool:
    # Not gevent's own pool, which looks up host names as well.
    return ThreadPool(THREADS)
