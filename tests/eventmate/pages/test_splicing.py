"""Pages that are compressed in pieces, with texts between them."""

import gzip
import zlib
from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventmate.pages.splicing import LARGEST_STORED, compressed, gzip_of, stored

pieces_and_texts = st.lists(st.binary(max_size=300), min_size=1, max_size=6).flatmap(
    lambda pieces: st.tuples(
        st.just(pieces),
        st.lists(st.binary(max_size=300), min_size=len(pieces) - 1, max_size=len(pieces) - 1),
    )
)


def joined(pieces: list[bytes], texts: list[bytes]) -> bytes:
    return b"".join(part for pair in zip_longest(pieces, texts, fillvalue=b"") for part in pair)


@given(pieces_and_texts)
@settings(max_examples=200)
def test_file_is_that_of_the_pieces_with_the_texts_between(
    given: tuple[list[bytes], list[bytes]],
) -> None:
    pieces, texts = given
    file = gzip_of(pieces, [compressed(piece) for piece in pieces], texts)

    assert gzip.decompress(file) == joined(pieces, texts)
    # As browsers read it: as it comes.
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    whole = b"".join(stream.decompress(file[at : at + 7]) for at in range(0, len(file), 7))
    assert (whole + stream.flush(), stream.eof) == (joined(pieces, texts), True)


@pytest.mark.parametrize(
    "length", [0, 1, LARGEST_STORED - 1, LARGEST_STORED, LARGEST_STORED + 1, 3 * LARGEST_STORED]
)
def test_text_of_any_length_goes_between(length: int) -> None:
    text = b"t" * length
    pieces = [b"<p>", b"</p>"]

    file = gzip_of(pieces, [compressed(piece) for piece in pieces], [text])

    assert gzip.decompress(file) == b"<p>" + text + b"</p>"


def test_what_is_one_visitors_is_not_compressed() -> None:
    guess, secret = b"token=abcdef " * 20, b"token=abcdef "

    assert stored(secret) in gzip_of([guess, b""], [compressed(guess), compressed(b"")], [secret])
    assert len(stored(secret)) == len(stored(b"z" * len(secret)))
