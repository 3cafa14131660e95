from django.contrib.auth.hashers import PBKDF2PasswordHasher

from eventmate.threads import run_in_thread


class PBKDF2InThreadHasher(PBKDF2PasswordHasher):
    """Django's own, hash for hash, that does not hold up the other requests of a gevent worker.

    A hash takes a good part of a second, in which a greenlet would let no other run.
    """

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return run_in_thread(super().encode, password, salt, iterations)
