"""Where CPython keeps the frames of calls. docs/adr/0038-room-for-frames.md tells what it costs
where there is too little room for them.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Result = TypeVar("Result")

WORD = 8
# Bytes. The frames of a request to Django are 16 to 24 kB where it goes deepest.
ROOM = 2**16


def with_room(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """The function, which gets memory at once for the frames of all calls that come from it.

    CPython takes memory for frames in chunks of 16 kB, and gives a chunk back as soon as it is
    empty: where a loop runs at the end of one, each call that it makes asks the operating system
    for another, which takes a hundred times as long as the call. For a frame that is larger, the
    chunk is the next power of two. So the function claims a frame of half a chunk, and leaves it
    empty: memory that nothing is written to is not taken.
    """
    plain = cast(Any, function)
    plain.__code__ = plain.__code__.replace(co_stacksize=ROOM // WORD)
    return function
