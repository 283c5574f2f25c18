"""What codeshare finds in the sample company is what its generator knows to be true."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from codeshare.attribution.catalogue import load_catalogue
from codeshare.config import load_config
from codeshare.metrics.weaknesses import find_weaknesses
from codeshare.mining.run import mine
from codeshare.mining.targets import targets_of
from sample_repos.build import build

SHARES = ("share", "share_strict", "share_high", "share_min", "share_max")
PARTS = (
    "numerator",
    "denominator",
    "strict_numerator",
    "strict_denominator",
    "high_numerator",
    "min_numerator",
)


class Company:
    """The company, mined on one basis."""

    def __init__(self, folder: Path, basis: str) -> None:
        self.basis = basis
        self.folder = folder
        config = load_config(folder / "codeshare.toml")
        file = folder.parent / f"{basis}.duckdb"
        with _alone(folder.parent):
            if not file.exists():
                mine(targets_of(config, ()), file, config, lines=basis == "landed")
        self.database = duckdb.connect(str(file), read_only=True)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.database.execute(sql).fetchall()

    def truth(self, name: str, **where: str) -> list[dict[str, str]]:
        with (self.folder / "truth" / name).open(encoding="utf-8", newline="") as file:
            return [
                row for row in csv.DictReader(file) if all(row[key] == value for key, value in where.items())
            ]

    def elements(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(
            (self.folder / "truth" / "elements.json").read_text(encoding="utf-8")
        )
        return found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Processes that share the tests build the company once: one does, the others wait."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "company"
    with _alone(folder):
        if not (folder / "repos").exists():
            build(folder / "repos")
    return folder / "repos"


@pytest.fixture(scope="module", params=[pytest.param("added", marks=pytest.mark.thorough), "landed"])
def company(request: pytest.FixtureRequest, built: Path) -> Iterator[Company]:
    made = Company(built, request.param)
    yield made
    made.database.close()


def test_shares_are_those_of_the_marked_lines(company: Company) -> None:
    truth = company.truth("monthly.csv", basis=company.basis)
    found = {
        str(row[0]): row[1:]
        for row in company.rows(f"select period, {', '.join(PARTS + SHARES)} from ai_share_monthly")
    }
    assert len(truth) == 63
    for month in truth:
        ours = found[month["month"]]
        assert ours[: len(PARTS)] == tuple(int(month[part]) for part in PARTS), month["month"]
        assert ours[len(PARTS) :] == pytest.approx(tuple(float(month[share]) for share in SHARES), abs=1e-6)


def test_the_bounds_hold_the_truth_and_the_order_holds(company: Company) -> None:
    true_share = {
        row["month"]: float(row["true_share"]) for row in company.truth("monthly.csv", basis=company.basis)
    }
    for month, low, share, high, top, strict in company.rows("select period, share_min, share, share_high, share_max, share_strict from ai_share_monthly"):  # fmt: skip
        assert low <= true_share[str(month)] <= top, month
        assert low <= share <= high <= top, month
        assert strict <= share, month


def test_the_story_is_the_published_one(company: Company) -> None:
    strict = dict(company.rows("select period::varchar, share_strict from ai_share_monthly"))
    assert max(share for month, share in strict.items() if month < "2025-02-01") < 0.10
    assert strict["2026-05-01"] > 0.80
    ratios = dict(company.rows("select quarter::varchar, ratio_median from volume_quarterly"))
    assert ratios["2026-04-01"] == pytest.approx(8.0, abs=0.05)
    assert all(0.9 <= ratios[f"2024-{month}-01"] <= 1.1 for month in ("01", "04", "07", "10"))
    ((mean,),) = company.rows("select ratio_mean from volume_quarterly where quarter = '2026-04-01'")
    assert mean == pytest.approx(7.1, abs=0.05)
    ((low, high),) = company.rows(
        "select low, high from estimates where metric = 'ratio_median' and period = '2026-04-01'"
    )
    assert low < 8.0 < high


def test_both_published_inflections_are_found(company: Company) -> None:
    """The typical engineer's volume rises from January 2025 on, and again, steeply, in January 2026."""
    from codeshare.estimates.changes import estimate

    found = [e for e in estimate(company.database) if e.scope == "all" and e.metric == "change_date_engineer"]
    days = [date(1970, 1, 1).toordinal() + int(day or 0) for e in found for day in (e.low, e.high)]
    spans = [(date.fromordinal(a), date.fromordinal(b)) for a, b in zip(days[::2], days[1::2], strict=True)]
    for planted in (date(2025, 1, 1), date(2026, 1, 1)):
        assert any(low <= planted <= high for low, high in spans), spans


def test_volumes_are_those_of_the_truth(company: Company) -> None:
    truth = company.truth("quarterly.csv", basis=company.basis)
    found = {str(row[0]): row[1:] for row in company.rows("select quarter, engineers, working_days, lines, unassigned_lines, median, mean, ratio_median, ratio_mean from volume_quarterly")}  # fmt: skip
    assert len(truth) == 21
    for row in truth:
        ours = found[row["quarter"]]
        assert ours[:4] == tuple(
            int(row[key]) for key in ("engineers", "working_days", "lines", "unassigned_lines")
        )
        wanted = [float(row[key]) for key in ("median", "mean", "ratio_median", "ratio_mean")]
        assert ours[4:] == pytest.approx(wanted, abs=1e-5), row["quarter"]


def test_every_engineer_has_their_own_lines(company: Company) -> None:
    address = dict(company.rows("select email, person from identities where kind = 'person'"))
    found = {
        (str(quarter), person): lines
        for quarter, person, lines in company.rows("select quarter, person, lines from volume_by_engineer")
    }
    truth = {
        (row["quarter"], address[row["engineer"]]): int(row["lines"])
        for row in company.truth("engineers.csv", basis=company.basis)
    }
    assert found == truth
    assert len({person for _, person in found}) == 40


def test_every_commit_is_what_the_truth_says(company: Company) -> None:
    ours = {
        (repo.removeprefix("tidewrack/"), sha): rest
        for repo, sha, *rest in company.rows(
            "select repo, sha, strftime(merged_at, '%Y-%m-%dT%H:%M:%SZ'), merge_sha, is_skewed, is_mixed,"
            " not is_bulk and dup_of is null and reverts is null, attribution, confidence,"
            " (select coalesce(sum(added), 0) from changes where changes.repo = commits.repo and changes.sha = commits.sha) from commits"
        )
    }
    truth = company.truth("commits.csv")
    assert len(truth) == len(ours) > 7000
    for row in truth:
        merged_at, landing, skewed, mixed, is_new, attribution, confidence, added = ours[
            row["repo"], row["sha"]
        ]
        assert (merged_at, landing) == (row["merged_at"], row["landing"])
        assert [skewed, mixed, is_new] == [
            row[key] == "1" for key in ("is_skewed", "is_mixed", "is_new_work")
        ], row
        assert int(added) == int(row["added"])
        if row["is_merge"] == "0":
            assert (attribution, confidence) == (row["marked_class"], row["marked_confidence"]), row


# For each kind of planted element: which of its commits, and what must hold of them in `commits`.
FOUND = {
    "foxtrot": ("merge", "is_foxtrot and is_mainline"),
    "skewed": ("commit", "is_skewed"),
    "import": ("root", "bulk_reason = 'import'"),
    "joined": ("commits", "bulk_reason = 'joined_history'"),
    "reformat": ("commit", "bulk_reason = 'ignore_revs'"),
    "whitespace": ("commit", "bulk_reason = 'whitespace'"),
    "mixed-squash": (
        "commit",
        "is_squash and is_mixed and attribution = 'assisted' and confidence = 'medium'",
    ),
    "decoy": ("commit", "attribution = 'human'"),
    "aider-committer": ("commit", "attribution = 'human'"),
    "unassigned": ("commit", "attribution = 'ai' and engineer is null"),
    "branch-only": ("commits", "attribution = 'ai' and kind = 'branch'"),
    "fork-merge": ("commits", "attribution = 'human'"),
    "agent-plan": ("commits", "attribution = 'ai'"),
    "outlier": ("commit", "sha in (select sha from outlier_commits)"),
    "marked": ("commit", "attribution in ('ai', 'assisted')"),
}


def test_each_planted_element_is_found(company: Company) -> None:
    elements = company.elements()
    met = {element["kind"] for element in elements}
    assert met >= set(FOUND)
    for element in elements:
        if element["kind"] in FOUND:
            role, condition = FOUND[element["kind"]]
            shas = element["commits"][role]
            for sha in [shas] if isinstance(shas, str) else shas:
                assert company.rows(f"select {condition} from commits where sha = '{sha}'") == [(True,)], (
                    element
                )


def test_backports_reverts_and_what_reapplies_them(company: Company) -> None:
    column = {"backport": ("duplicate", "dup_of", "original"), "revert": ("revert", "reverts", "original")}
    for element in company.elements():
        if element["kind"] in column:
            role, name, target = column[element["kind"]]
            commits = element["commits"]
            assert company.rows(f"select {name} from commits where sha = '{commits[role]}'") == [
                (commits[target],)
            ]
            if "reapplied" in commits:
                of = "attribution, confidence"
                back = f"select reverts, {of} from commits where sha = '{commits['reapplied']}'"
                first = f"select '{commits['revert']}', {of} from commits where sha = '{commits['original']}'"
                assert company.rows(back) == company.rows(first)


def test_files_have_the_class_that_was_planted(company: Company) -> None:
    wanted = {"vendored": "vendored", "binary": "binary"}
    for element in company.elements():
        if element["kind"] in wanted:
            start = element.get("folder") or element["path"]
            sha = element["commits"]["commit"]
            classes = company.rows(
                f"select distinct file_class from changes where sha = '{sha}' and starts_with(path, '{start}')"
            )
            assert classes == [(wanted[element["kind"]],)], element
    truth = {(row["repo"], row["path"]): row["file_class"] for row in company.truth("lines.csv")}
    ours = {(repo.removeprefix("tidewrack/"), path): kind for repo, path, kind in company.rows("select distinct repo, path, file_class from changes where not is_binary")}  # fmt: skip
    assert {key: ours[key] for key in truth} == truth


@pytest.mark.long
def test_nobody_is_named_in_what_may_be_shown_around(company: Company, tmp_path: Path) -> None:
    """Byte by byte, scripts, pictures and metadata included; and in every cell of a database that is handed on."""
    from codeshare.metrics.figures import collect
    from codeshare.pseudonymous.export import export
    from codeshare.report.write import write_report
    from tests.pseudonymous.company import secrets_of
    from tests.pseudonymous.test_export import cells

    source = Path(
        company.rows(f"select path from duckdb_databases() where path like '%{company.basis}.duckdb'")[0][0]
    )
    secrets = {text for text in secrets_of(source) if len(text) > 3}
    assert len(secrets) > 1000
    words = {word for (word,) in company.rows("select pseudonym from people where kind = 'person'")}
    shas = {
        sha for (sha,) in company.rows("select sha from commits where sha not in (select tip_sha from repos)")
    }
    files = write_report(collect(company.database), tmp_path / "report")
    for path in files:
        content = path.read_bytes()
        assert [secret for secret in secrets if secret.encode() in content] == [], path.name
        if path.suffix != ".png":
            assert [sha for sha in shas if sha[:12].encode() in content] == [], path.name
    assert not words & set(re.findall(r"\w+", files[0].read_text(encoding="utf-8")))
    export(source, tmp_path / "handed.duckdb")
    texts = {text for _, text in cells(tmp_path / "handed.duckdb")}
    assert not (secrets | shas) & texts
    named = [name for (name,) in company.rows("select name from people where kind = 'person' union select email from identities where kind = 'person'")]  # fmt: skip
    assert [name for name in named for text in texts if name in text] == []


def test_the_calibrated_share_lies_where_its_marks_allow(company: Company) -> None:
    """Plumbing only: the company keeps no records of lines, so the shipped parts are applied."""
    assert company.rows("select count(*) from recorded_marks") == [(0,)]
    months = company.rows(
        "select share_min, share_calibrated_low, share_calibrated, share_calibrated_high, share_high from ai_share_monthly"
        " where share_calibrated is not null"
    )
    assert len(months) > 12
    for low, least, value, most, high in months:
        assert low <= least <= value <= most <= high


def test_doctor_finds_what_was_planted(company: Company) -> None:
    """One finding for each planted element that weakens an answer, and none that was not planted."""
    found = find_weaknesses(company.database, load_catalogue().windows)
    planted = Counter(element["kind"] for element in company.elements())
    for finding, kind in (("foxtrots", "foxtrot"), ("skewed_dates", "skewed"), ("outliers", "outlier")):
        assert found[finding].count == planted[kind], finding
    # The company squashes without keeping its requests' refs, and two commits bear marks of a weak window.
    assert set(found) == {"foxtrots", "skewed_dates", "outliers", "requests_absent", "weak_windows"}
