"""Commits found by the beginnings of their ids."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codeshare.mining.short_ids import ShortIds

_ids = st.lists(st.text("0aF9", max_size=12).map(lambda head: head.lower().ljust(40, "0")), unique=True)


@given(shas=_ids, short=st.text("0af9Gx_ -", max_size=12))
def test_ids_are_found_as_a_look_at_each_finds_them(shas: list[str], short: str) -> None:
    ids = ShortIds(shas)
    found = sorted((sha, i) for i, sha in enumerate(shas) if sha.startswith(short))
    assert ids.starting(short) == [i for _, i in found]
    before = [i for _, i in found if i < 2]
    assert ids.only_before(short, 2) == (before[0] if len(before) == 1 else None)
