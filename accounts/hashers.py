"""Hashing passwords without holding up the other requests of a gevent worker: a greenlet that works
lets no other run.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher

from eventmate.threads import run_in_thread


class Argon2InThreadHasher(Argon2PasswordHasher):
    """With the least cost that OWASP recommends. Django's would take 100 MB for each log-in, and a
    worker checks several at once: see docs/adr/0035-passwords.md.

    https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        return run_in_thread(super().encode, password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        return run_in_thread(super().verify, password, encoded)


class PBKDF2InThreadHasher(PBKDF2PasswordHasher):
    """Django's own, hash for hash: of what was stored before, until its owner logs in."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return run_in_thread(super().encode, password, salt, iterations)
