"""A gevent worker waits on the spot for what is answered in a moment, as Redis does."""

from select import select

import pytest
import redis

from eventmate.promptness import Promptness
from eventmate.redis_connections import OURS, PromptParser
from tests.new_process import TICKING, output_of

# Counts how often others run before an answer is read, by a connection that waits on the spot for
# up to so many milliseconds.
ASK = """
import sys
import redis
from eventmate import redis_connections

redis_connections.promptness.MOMENT = int(sys.argv[2])
pool = redis.ConnectionPool.from_url(sys.argv[1], socket_timeout=30)
pool.connection_class = redis_connections.OURS[pool.connection_class]
connection = pool.get_connection()
connection.send_command("BLPOP", "nothing", "0.1")  # which takes so many seconds
before = len(events)
assert connection.read_response() is None
print(len(events) - before)
"""


# The same while a connection that is free is taken and asked again and again.
TAKE = """
import sys
import redis
from eventmate import redis_connections

pause = 0
redis_connections.promptness.MOMENT = 20_000
pool = redis.ConnectionPool.from_url(sys.argv[1], socket_timeout=30)
pool.connection_class = redis_connections.OURS[pool.connection_class]
if sys.argv[2] == "own":
    pool.connection_kwargs["parser_class"] = redis.connection.DefaultParser
client = redis.Redis(connection_pool=pool)
client.ping()
before = len(events)
for _ in range(20):
    client.ping()
print(len(events) - before)
"""


def turns_of_others(redis_url: str, moment: int) -> int:
    return int(output_of(TICKING + ASK, redis_url, str(moment)))


def test_others_wait_for_an_answer_of_redis(redis_url: str) -> None:
    assert turns_of_others(redis_url, 0) > 0
    assert turns_of_others(redis_url, 20_000) == 0


def test_others_wait_while_a_connection_to_redis_is_looked_at(redis_url: str) -> None:
    assert int(output_of(TICKING + TAKE, redis_url, "own")) >= 20
    assert int(output_of(TICKING + TAKE, redis_url, "prompt")) == 0


def test_connection_with_an_answer_that_nobody_read_is_not_used_again(redis_url: str) -> None:
    pool = redis.ConnectionPool.from_url(redis_url)
    pool.connection_class = OURS[pool.connection_class]
    connection = pool.get_connection()
    assert isinstance(connection._parser, PromptParser)
    assert not connection.can_read()

    connection.send_command("ECHO", "of another")
    connection.send_command("ECHO", "of a third")
    assert connection.can_read(timeout=10)
    assert connection.can_read()
    assert connection.read_response() == b"of another"
    assert connection.can_read()
    pool.release(connection)

    assert redis.Redis(connection_pool=pool).echo("mine") == b"mine"


def test_connection_that_redis_closed_is_no_clean_one(redis_url: str) -> None:
    pool = redis.ConnectionPool.from_url(redis_url)
    pool.connection_class = OURS[pool.connection_class]
    connection = pool.get_connection()
    connection.send_command("QUIT")
    assert connection.read_response() == b"OK"

    connected = connection._get_socket()
    assert connected is not None
    assert select([connected], [], [], 10)[0]

    with pytest.raises(redis.ConnectionError):
        connection.can_read()


def test_slow_answers_are_soon_waited_for_as_any_others() -> None:
    promptness = Promptness()
    for _ in range(promptness.SAMPLE):
        assert promptness.patience() <= promptness.MOMENT
        promptness.learn(was_prompt=False)

    waits = [promptness.patience() for _ in range(promptness.SAMPLE)]
    assert waits.count(promptness.MOMENT) == 1

    for _ in range(promptness.SAMPLE):
        promptness.learn(was_prompt=True)
    assert [promptness.patience() for _ in range(5)] == [promptness.MOMENT] * 5
