"""PELT as ruptures computes it, without the rest of ruptures."""

from __future__ import annotations

from functools import cache
from importlib import import_module
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
    begins = _compiled().ekcpd_pelt_L2(values[:, None].astype(np.double), penalty, shortest)
    ends = [len(values)]
    while begins[ends[-1]]:
        ends.append(int(begins[ends[-1]]))
    return ends[::-1]


@cache
def _compiled() -> ModuleType:
    """The compiled part: what the package loads beside it, all of scipy.stats too, takes most of a second."""
    package = find_spec("ruptures")
    folders = (package and package.submodule_search_locations) or ()
    spec = PathFinder.find_spec(
        _COMPILED, [str(Path(folder, "detection", "_detection")) for folder in folders]
    )
    if spec is None or spec.loader is None:  # it lies elsewhere
        return import_module(_COMPILED)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
