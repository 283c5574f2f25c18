"""Hashes of texts are those of the texts, wherever and beside whatever they stand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.git.hashes import WORD, text_hashes

# Around a word's end, around the most that is taken word by word, and much more.
SIZES = [0, 1, 7, 8, 9, 16, 17, 511, 512, 513, 5000]
texts = st.one_of(st.binary(max_size=20), st.sampled_from(SIZES).flatmap(lambda n: st.sampled_from([b"a" * n, b"\0" * n, b"b" * n])))  # fmt: skip


def hashes(each: list[bytes], between: bytes) -> list[int]:
    sizes = np.array([len(text) for text in each], dtype=np.int64)
    begins = np.cumsum(sizes + len(between)) - sizes
    buffer = b"".join(between + text for text in each) + between + bytes(WORD)
    return text_hashes(buffer, begins, sizes).tolist()


@given(each=st.lists(texts, max_size=12), between=st.sampled_from([b"", b"\n", b"\n+", b"\xff" * 9]))
def test_equal_texts_and_no_others_have_equal_hashes(each: list[bytes], between: bytes) -> None:
    found = hashes(each, between)
    assert found == [hashes([text], b"")[0] for text in each]
    assert len({*found, 0}) == len(set(each)) + 1  # what is 0 would be lost in a sum


def test_so_have_more_texts_than_are_taken_at_once() -> None:
    each = [b"%d" % (k % 70_000) for k in range(140_000)]
    found = hashes(each, b"\n")
    assert found[:70_000] == found[70_000:]
    assert len(set(found)) == 70_000


@pytest.mark.parametrize("size", [size for size in SIZES if size])
def test_each_byte_counts(size: int) -> None:
    text = bytes(97 + k % 26 for k in range(size))
    others = [text[:k] + b"A" + text[k + 1 :] for k in {0, min(7, size - 1), size // 2, size - 1}]
    assert len(set(hashes([text, *others], b"\n"))) == len(others) + 1


@pytest.mark.parametrize("columns", [(7, 11, 12, 15), (3, 7, 8, 11), (7, 15, 23, 31), (0, 8, 16, 24)])
def test_letters_of_one_word_do_not_make_up_for_those_of_another(columns: tuple[int, ...]) -> None:
    """As in keys and digests, of which many differ in few places."""
    text, each = bytearray(b"a810dcd7d5795419c0ffee00deadbeef"), []
    for letters in product(b"0123456789abcdef", repeat=len(columns)):
        for column, letter in zip(columns, letters, strict=True):
            text[column] = letter
        each.append(bytes(text))
    assert len(set(hashes(each, b""))) == len(each)
