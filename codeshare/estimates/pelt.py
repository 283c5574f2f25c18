"""PELT as ruptures computes it, without the rest of ruptures."""

from __future__ import annotations

from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType

import numpy as np

from codeshare.estimates.resampling import Floats

_COMPILED = "ruptures.detection._detection.ekcpd"


def ends_of_levels(values: Floats, penalty: float, shortest: int) -> list[int]:
    """Where the levels of a series end, the last one with it: what ``ruptures.KernelCPD`` of kernel linear predicts.

    Args:
        values: twice as many as ``shortest``, or more.
        penalty: what a further level costs, above 0.
        shortest: values that a level has at least.
    """
    compiled, signal = _compiled(), values[:, None].astype(np.double)
    if compiled is None:
        from ruptures import KernelCPD

        return [int(end) for end in KernelCPD(min_size=shortest).fit(signal).predict(pen=penalty)]
    begins = compiled.ekcpd_pelt_L2(signal, penalty, shortest)
    ends = [len(values)]
    while begins[ends[-1]]:
        ends.append(int(begins[ends[-1]]))
    return ends[::-1]


@cache
def _compiled() -> ModuleType | None:
    """The compiled part: what the package loads beside it, all of scipy.stats too, takes most of a second.

    None where a release of ruptures has it elsewhere.
    """
    package = find_spec("ruptures")
    folders = (package and package.submodule_search_locations) or ()
    spec = PathFinder.find_spec(
        _COMPILED, [str(Path(folder, "detection", "_detection")) for folder in folders]
    )
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
