"""Which teams within repositories are left out beside small ones."""

from __future__ import annotations

import pandas as pd
import pytest

from codeshare.metrics.small_places import Place, covering

# Lines by repository (rows) and team (columns); small in brackets, shown with a star.
CASES = {
    "nothing is small": ("a* b*", "c* d*"),
    "a small one in a rectangle": ("(a) b", "c d"),
    "the cheapest rectangle": ("(a) b c*", "d* e* f*", "g h* i*"),
    "one repository": ("(a) b c*",),
    "nobody to exchange with": ("(a) b*", "0 0"),
}
FOUND = {"the cheapest rectangle": {"h"}}


@pytest.mark.parametrize("case", CASES)
def test_a_small_place_is_in_a_rectangle_of_places_that_are_left_out(case: str) -> None:
    rows: list[dict[str, object]] = []
    shown: dict[Place, str] = {}
    for repository, line in enumerate(CASES[case]):
        for team, word in enumerate(line.split()):
            place = f"r{repository}", f"t{team}"
            rows.append(
                {"repository": place[0], "team": place[1], "lines": int(word != "0"), "is_small": "(" in word}
            )
            if "*" in word:
                shown[place] = word[0]
    assert {shown[place] for place in covering(pd.DataFrame(rows), shown)} == FOUND.get(case, set())
