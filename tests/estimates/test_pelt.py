from __future__ import annotations

import numpy as np
import pytest

from codeshare.estimates import pelt
from codeshare.estimates.pelt import ends_of_levels


@pytest.fixture(params=["compiled", "package"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How PELT is reached; the package is for releases that have their compiled part elsewhere."""
    if request.param == "package":
        monkeypatch.setattr(pelt, "_compiled", lambda: None)
    else:
        assert pelt._compiled() is not None


@pytest.mark.usefixtures("way")
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
