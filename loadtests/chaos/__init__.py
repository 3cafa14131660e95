"""`make chaos`: break the real site's parts under load, and measure what visitors notice.

`python -m loadtests.chaos [--only NAME ...] [--short] [--json FILE] [--list]` runs the scenarios
one after the other, each on a site of its own, prints what was promised, what was measured, and
whether it held, and ends with 1 where a promise is broken. docs/chaos.md says what each is about.

How to write a scenario: a module in `scenarios/`, which is found there by itself.

    @scenario("redis-killed", setting=Setting(workers=2))
    def redis_killed(stage: Stage, scale: Scale) -> Iterator[Verdict]:
        page = Ask(f"/event/{stage.event.slug}/", shows=stage.event.slug)
        with stage.load(Visitors([page], count=20, pause=0.2)) as load:
            before = load.watch(scale.of(10, short=2))
            stage.redis.kill()  # proves by itself that it is gone
            during = load.watch(scale.of(10, short=2))
        yield none("no page fails", during.failed)
        yield at_most("p99, to that of before", during.percent(99) / before.percent(99), 2)

- `Setting` is how the site runs: workers, environment, the WSGI application. RATE_LIMIT_ENABLED is
  0 unless the environment says 1; 127.0.0.1 is a trusted proxy, so that each visitor can come from
  an address of its own (`stage.load` sees to that).
- `Stage` has the site (`stage.site`: url, workers(), manage(), log), `stage.postgres` and
  `stage.redis` (kill, hang, resume, stop, start, restart), an event on sale, `stage.person()` with
  an account, `stage.query()` past the site, `stage.figure()` from /metrics/, and `stage.load()`.
- `Load` is visitors on kept connections in a process of their own, where each request is recorded:
  `load.watch(seconds)` waits and returns the `Records` of requests begun meanwhile and ended;
  `load.between(start, end)` looks again later; times are time.monotonic().
- A `Verdict` is a promise, what was measured, and whether it held. One that a busy machine can
  break by being slow is `noisy`: the short form in the tests leaves it aside, `make chaos` does
  not.
- `Scale.of(full, short=...)` chooses between `make chaos` and the short form.

A scenario proves that its fault happened before it judges what came of it, and leaves the parts
running. What it raises is reported as a scenario that could not be run, and counts as broken.
"""
