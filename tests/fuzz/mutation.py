"""Change bytes at random, as damage, mischief and other versions of a program would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

NUMBERS = (b"0", b"-1", b"00", b"1", b"4294967296", b"2147483648", b"9223372036854775808", b"9" * 40, b"1e9", b"\xd9\xa3")  # fmt: skip
ODD = (b"\0", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\n", b"\r\n", b"\t", b'"', b"\\", b"\\777", b" ", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"@@", b":", b"+", b"-")  # fmt: skip

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]


def mutate(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    """One to four changes; ``others``: texts of the same kind, to take parts of."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
        text = random.choice(CHANGES)(random, text, others)
    return text


def _span(random: Random, text: bytes) -> tuple[int, int]:
    start = random.randrange(len(text) + 1)
    return start, min(len(text), start + random.choice((1, 2, 8, 40, 200)))


def _flip(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    changed = bytearray(text)
    for _ in range(random.choice((1, 1, 3)) if text else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(random, text)
    return text[:start] + text[end:]


def _end(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    return text[: random.randrange(len(text) + 1)]


def _repeat(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(random, text)
    return text[:start] + text[start:end] * random.choice((2, 3, 50)) + text[end:]


def _splice(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    start, end = _span(random, other)
    place = random.randrange(len(text) + 1)
    return text[:place] + other[start:end] + text[place:]


def _insert(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(ODD) + text[place:]


def _number(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    """Another number in the place of one."""
    place = next((k for k in range(random.randrange(len(text) + 1), len(text)) if text[k : k + 1].isdigit()), None)  # fmt: skip
    if place is None:
        return text + random.choice(NUMBERS)
    end = place
    while text[end : end + 1].isdigit():
        end += 1
    value = int(text[place:end]) if end - place < 19 else 0
    near = (b"%d" % max(value + random.choice((-1, 1, 2)), 0),)
    return text[:place] + random.choice(NUMBERS + near * 6) + text[end:]


def _lines(random: Random, text: bytes, others: Sequence[bytes]) -> bytes:
    """One line away, twice, or in another place."""
    lines = text.split(b"\n")
    line = lines.pop(random.randrange(len(lines)))
    for _ in range(random.randrange(3)):
        lines.insert(random.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


CHANGES: tuple[Change, ...] = (_flip, _cut, _end, _repeat, _splice, _insert, _number, _number, _lines, _lines)
