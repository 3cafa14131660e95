"""The pgbench that came with the server, run against it."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

# Numbers that a run may use up, so that no two of them make the same reference.
NUMBERS_A_RUN = 1_000_000


@dataclass
class Pgbench:
    """Runs of one script. Statements go as psycopg sends them: whole, in the simple protocol."""

    script: Path
    database_url: str
    runs: int = 0

    def rate(self, *, clients: int, seconds: float) -> float:
        """Transactions of the script a second. A statement that fails, fails the bench."""
        self.runs += 1
        command = [str(_program()), "--no-vacuum", "--protocol=simple", f"--file={self.script}"]
        command += [f"--client={clients}", f"--jobs={min(2, clients)}"]
        command += [f"--time={max(1, round(seconds))}"]
        command += ["--define=n=0", f"--define=first={self.runs * NUMBERS_A_RUN}"]
        done = subprocess.run(
            [*command, self.database_url], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
        assert found, done.stdout
        return float(found[1])


def _program() -> Path:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        return Path(cursor.fetchone()[0]) / "pgbench"
