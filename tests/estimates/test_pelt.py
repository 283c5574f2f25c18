from __future__ import annotations

import numpy as np
import pytest

from codeshare.estimates.pelt import ends_of_levels


@pytest.mark.parametrize("seed", range(40))
def test_the_ends_are_those_of_ruptures_itself(seed: int) -> None:
    import ruptures

    generator = np.random.default_rng(seed)
    count = int(generator.integers(6, 90))
    levels = np.repeat(generator.integers(0, 3, size=count // 6 + 1), 6)[:count]
    values = levels + generator.choice([0.0, 0.1, 0.6]) * generator.standard_normal(count)
    penalty = float(generator.choice([1e-9, 0.05, 0.5, 5.0]))
    referee = ruptures.KernelCPD(kernel="linear", min_size=3).fit(values[:, None])
    assert ends_of_levels(values, penalty, 3) == referee.predict(pen=penalty)
