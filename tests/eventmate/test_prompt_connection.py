"""In a transaction, in a hurry, or with many in line for a connection, a web worker waits on the
spot for what PostgreSQL answers in a moment.
"""

from tests.databases import url_of
from tests.new_process import TICKING, output_of

# Counts how often others run while a connection asks: quickly, then slowly, and then in vain.
PROLOGUE = """
import sys
from psycopg import Connection
from psycopg.errors import UniqueViolation
from eventmate.prompt_connection import PromptConnection, in_hurries, in_transactions
from eventmate.promptness import hurry

connection_class = {"prompt": PromptConnection, "own": Connection}[sys.argv[1]]
in_hurries.MOMENT = in_transactions.MOMENT = 20_000  # however busy the machine is
"""
ASK = """
pause = 0
with connection_class.connect(sys.argv[2], autocommit=True) as connection:
    with connection.transaction():
        events.clear()
        for number in range(20):
            assert connection.execute("SELECT %s::int", [number]).fetchone() == (number,)
            events.append("answered")
        print("quick", events.count("tick"))
        in_transactions.MOMENT = 1
        events.clear()
        connection.execute("SELECT pg_sleep(0.2)")
        print("slow", events.count("tick"))
    events.clear()
    for number in range(20):
        connection.execute("SELECT 1")
        events.append("answered")
    print("outside", events.count("tick"))
    events.clear()
    with hurry():
        for number in range(20):
            connection.execute("SELECT 1")
    print("hurried", events.count("tick"))
    try:
        with connection.transaction():
            connection.execute("CREATE TEMPORARY TABLE numbers (number int UNIQUE)")
            connection.execute("INSERT INTO numbers VALUES (1), (1)")
    except UniqueViolation:
        print("refused", 1)
"""

# The same of a pool with one connection, for which so many wait.
IN_LINE = """
from psycopg_pool import ConnectionPool
from eventmate.prompt_connection import LINE

pool = ConnectionPool(
    sys.argv[2],
    connection_class=connection_class,
    min_size=1,
    max_size=1,
    kwargs={"autocommit": True},
)
pause = 0

def wait():
    with pool.connection():
        pass

def ask(name):
    events.clear()
    for number in range(20):
        connection.execute("SELECT 1")
    print(name, events.count("tick"))

with pool:
    with pool.connection() as connection:
        for number in range(LINE):
            gevent.spawn(wait)
        gevent.sleep(0)
        assert pool.get_stats()["requests_waiting"] == LINE
        ask("short_line")
        gevent.spawn(wait)
        gevent.sleep(0)
        ask("long_line")
"""


def turns_of_others(connection_class: str, script: str = ASK) -> dict[str, int]:
    """How often they had one, by what the connection was asked."""
    lines = output_of(
        TICKING + PROLOGUE + script, connection_class, url_of("postgres")
    ).splitlines()
    return {name: int(number) for name, number in map(str.split, lines)}


def test_others_wait_for_quick_answers_in_a_transaction_and_in_a_hurry_only() -> None:
    own, prompt = turns_of_others("own"), turns_of_others("prompt")

    assert own["quick"] >= 20
    assert prompt["quick"] == 0
    assert prompt["slow"] > 0
    assert prompt["outside"] >= 20
    assert own["hurried"] >= 20
    assert prompt["hurried"] == 0
    assert prompt["refused"]


def test_others_wait_where_many_are_in_line_for_a_connection() -> None:
    own, prompt = turns_of_others("own", IN_LINE), turns_of_others("prompt", IN_LINE)

    assert own["long_line"] >= 20
    assert prompt["short_line"] >= 20
    assert prompt["long_line"] == 0
