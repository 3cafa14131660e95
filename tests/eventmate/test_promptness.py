"""A gevent worker waits on the spot for what is answered in a moment, as Redis does."""

from eventmate.promptness import Promptness
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


def turns_of_others(redis_url: str, moment: int) -> int:
    return int(output_of(TICKING + ASK, redis_url, str(moment)))


def test_others_wait_for_an_answer_of_redis(redis_url: str) -> None:
    assert turns_of_others(redis_url, 0) > 0
    assert turns_of_others(redis_url, 20_000) == 0


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
