"""AI beside no AI evidence among like lines: same repository, quarter, age of file and size of commit.

Rates are standardised with the weights of Mantel and Haenszel, T1 T0 / (T1 + T0) of each stratum (T: lines):
their ratio is then the Mantel-Haenszel rate ratio and their difference the Mantel-Haenszel rate difference
(Greenland and Robins, Biometrics 41, 1985, 55-68), which hold up where strata are many and thin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codeshare.estimates.cells import MINIMUM_EVENTS
from codeshare.estimates.rates import COMPARED
from codeshare.estimates.resampling import MINIMUM_COMMITS, SEED, Floats, interval, replicate_sums
from codeshare.estimates.table import Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

METHOD = "Mantel-Haenszel over repository, quarter, age of file and size of commit; bootstrap over commits, percentile"
_ROWS = """
with closed as materialized (
    select repo, sha, quarter, file_age, commit_size, attribution, sum({column}) as defects, sum(lines) as lines
    from exposed
    where is_closed_{days} and attribution in ('ai', 'human')
    group by all
),
-- strata in which only one of the two is tell nothing about their difference
shared as (
    select repo, quarter, file_age, commit_size from closed
    group by all having count(distinct attribution) = 2
)
select
    c.repo, dense_rank() over (order by c.repo, c.sha) - 1 as commit,
    dense_rank() over (order by c.repo, c.quarter, c.file_age, c.commit_size) - 1 as stratum,
    (c.attribution = 'ai')::integer as is_ai, c.defects::double as defects, c.lines::double as lines
from closed as c
join shared as s using (repo, quarter, file_age, commit_size)
order by all
"""
Rows = Mapping[str, NDArray[Any]]


def read_strata(connection: DuckDBPyConnection, column: str, days: int) -> Rows:
    """Sum a column of the table ``exposed`` by commit and stratum, where both of AI and no AI evidence are."""
    found = connection.execute(_ROWS.format(column=column, days=days)).fetchnumpy()
    return {name: np.asarray(values) for name, values in found.items()}


def stratified(rows: Rows, metric: str, unit: str, days: int, *, scale: float = 1000.0) -> Iterator[Estimate]:
    """Compare rows of `read_strata` per line, in all and by repository.

    Returns:
        Rates of ``ai`` and ``human``, their difference and their ratio; none where no stratum has both.
        ``n``: commits of the part within shared strata; of a comparison the fewer. No interval below
        `MINIMUM_COMMITS` commits, or `MINIMUM_EVENTS` commits with a defect, on either side.
    """
    repos = sorted(set(rows["repo"].tolist()))
    yield from _compare(rows, metric, unit, "all", days, scale)
    for repo in repos if len(repos) > 1 else ():
        mine = rows["repo"] == repo
        part = {name: values[mine] for name, values in rows.items()}
        yield from _compare(part, metric, unit, f"repository/{repo}", days, scale)


def _compare(rows: Rows, metric: str, unit: str, scope: str, days: int, scale: float) -> Iterator[Estimate]:
    if not len(rows["commit"]):
        return
    ai, human = standardised(_sums(rows))
    sides = [rows["is_ai"] == 1, rows["is_ai"] == 0]
    commits = [len(np.unique(rows["commit"][side])) for side in sides]
    events = [len(np.unique(rows["commit"][side & (rows["defects"] > 0)])) for side in sides]
    is_enough = [n >= MINIMUM_COMMITS and k >= MINIMUM_EVENTS for n, k in zip(commits, events, strict=True)]
    ratio = np.divide(ai, human, out=np.full_like(ai, np.nan), where=human > 0)
    for part, values, kind, n, enough in (
        (COMPARED[0], ai * scale, unit, commits[0], is_enough[0]),
        (COMPARED[1], human * scale, unit, commits[1], is_enough[1]),
        (" - ".join(COMPARED), (ai - human) * scale, unit, min(commits), all(is_enough)),
        (" / ".join(COMPARED), ratio, "ratio", min(commits), all(is_enough)),
    ):
        low, high = (interval(values[1:]) if enough else None) or (None, None)
        value = None if np.isnan(values[0]) else float(values[0])
        yield Estimate(
            metric, value, n, kind, METHOD, scope, part, at_days=days, low=low, high=high, seed=SEED
        )


def standardised(sums: tuple[Floats, Floats, Floats, Floats]) -> tuple[Floats, Floats]:
    """Rates of AI and of no AI evidence, a replicate a value.

    Args:
        sums: defects and lines of AI, then of no AI evidence: a row a replicate, a column a stratum.
    """
    defects, lines, other_defects, other_lines = sums
    both = lines + other_lines
    share = np.divide(1.0, both, out=np.zeros_like(both), where=both > 0)
    weight = (lines * other_lines * share).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (
            np.where(weight > 0, (defects * other_lines * share).sum(axis=1) / weight, np.nan),
            np.where(weight > 0, (other_defects * lines * share).sum(axis=1) / weight, np.nan),
        )


def _sums(rows: Rows) -> tuple[Floats, Floats, Floats, Floats]:
    from scipy.sparse import coo_array

    _, commit = np.unique(rows["commit"], return_inverse=True)
    _, stratum = np.unique(rows["stratum"], return_inverse=True)
    width = int(stratum.max()) + 1
    side = stratum + np.where(rows["is_ai"] == 1, 0, 2 * width)
    cells = (
        np.concatenate([rows["defects"], rows["lines"]]),
        (np.tile(commit, 2), np.concatenate([side, side + width])),
    )
    sums = replicate_sums(coo_array(cells, shape=(int(commit.max()) + 1, 4 * width)).tocsr())
    first, second, third, fourth = (sums[:, k * width : (k + 1) * width] for k in range(4))
    return first, second, third, fourth
