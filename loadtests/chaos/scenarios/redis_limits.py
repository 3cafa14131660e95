"""Limits on requests while Redis, where they are counted over all workers, is gone."""

from collections.abc import Iterator

from loadtests.chaos.load import Ask, Records, Visitors
from loadtests.chaos.scenario import Scale, Setting, Verdict, at_least, at_most, none, scenario
from loadtests.chaos.scenarios.redis_down import ERRORS, until_used
from loadtests.chaos.stage import Stage

LIMIT = 40
CLIENTS = 3
CONNECTIONS = 4
PAGE = Ask("/")
SETTING = Setting(
    # Of a day, so that no window ends on the way, however slow the machine is.
    environment={"RATE_LIMIT_ENABLED": "1", "RATE_LIMIT_DEFAULT": f"{LIMIT}/d"}
)


@scenario("redis-killed-limits", setting=SETTING)
def limits_hold(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    before = storm(stage, 0)
    out_of_touch = stage.figure(ERRORS) > 0
    stage.redis.kill()
    during = storm(stage, 1)
    stage.redis.start()
    with stage.load(Visitors([PAGE], count=20, pause=1.0)):
        until_used(stage)
    errors = stage.figure(ERRORS)
    after = storm(stage, 2)
    out_of_touch_again = stage.figure(ERRORS) > errors
    workers = stage.setting.workers
    yield from judge("with Redis", before, 1.1, noisy=out_of_touch)
    yield from judge("while it is gone", during, workers)
    yield from judge("when it is back", after, 1.1, noisy=out_of_touch_again)


def storm(stage: Stage, number: int) -> list[Records]:
    """What clients at new addresses were answered, each of whom asks far too much."""
    addresses = [f"198.19.{number}.{client}" for client in range(1, CLIENTS + 1)]
    groups = [
        Visitors([Ask("/", name=address)], count=CONNECTIONS, pause=0.01, address=address)
        for address in addresses
    ]
    with stage.load(*groups) as load:
        refused: list[Records] = []
        while min(map(len, refused), default=0) < LIMIT:
            load.watch(0.5)
            found = [load.records().named(address) for address in addresses]
            refused = [records.where(lambda record: record.status == 429) for records in found]
    return [load.records().named(address) for address in addresses]


def judge(
    when: str, clients: list[Records], factor: float, *, noisy: bool = False
) -> Iterator[Verdict]:
    """Noisy where Redis had no time to answer, and workers counted alone for a moment."""
    passed = [len(records.right) for records in clients]
    everyone = Records(record for records in clients for record in records)
    yield none(f"{when}, no page fails", everyone.failed)
    yield at_least(f"{when}, of {LIMIT} at least so many pass", min(passed), LIMIT * 0.9)
    yield at_most(f"{when}, and at most", max(passed), LIMIT * factor, noisy=noisy)
