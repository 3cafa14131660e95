"""Another process with the settings of a live site, which changes its rows."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from eventmate.embedded.paths import REPOSITORY
from loadtests.site import LiveSite

LOOP = """
import importlib, json, sys
import django
django.setup()
for line in sys.stdin:
    module, function, arguments = json.loads(line)
    result = getattr(importlib.import_module(module), function)(*arguments)
    print(json.dumps(result), flush=True)
"""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Insider:
    """Calls functions there that modules of the tests have. What they take and return is JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(
        self, function: Callable[Given, Result], *given: Given.args, **_none: Given.kwargs
    ) -> Result:
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([function.__module__, function.__name__, given]) + "\n")
        process.stdin.flush()
        reply = process.stdout.readline()
        assert reply, f"{function.__name__} failed: its traceback is above"
        result: Result = json.loads(reply)
        return result


@contextmanager
def inside(site: LiveSite) -> Iterator[Insider]:
    with subprocess.Popen(
        [sys.executable, "-c", LOOP],
        cwd=REPOSITORY,
        env=site.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Insider(process)
