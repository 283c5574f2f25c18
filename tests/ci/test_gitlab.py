from __future__ import annotations

import json
import re

import pytest
from hypothesis import given

from codeshare.ci.gitlab import code_quality, metrics
from tests.ci.checks import checked, nothing_known, verdict
from tests.ci.test_escaping import TEXTS

# The text format of OpenMetrics 1.0 (its ABNF), as far as gauges go.
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
_SAMPLE = re.compile(
    rf"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{{({_LABEL}(?:,{_LABEL})*)\}})? (NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
)
_META = re.compile(r"# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)")


def _read(text: str) -> dict[tuple[str, str], str]:
    """Samples by name and labels; any line that the format does not allow is an error."""
    assert text.endswith("# EOF\n")
    found: dict[tuple[str, str], str] = {}
    family, families = "", []
    for line in text.removesuffix("# EOF\n").splitlines():
        if meta := _META.fullmatch(line):
            if meta[1] == "TYPE":
                family = meta[2]
                assert meta[3] == "gauge"
                families.append(family)
            assert meta[2] == family
            assert meta[1] != "UNIT" or family.endswith(f"_{meta[3]}")
            continue
        sample = _SAMPLE.fullmatch(line)
        assert sample, line
        assert sample[1] == family
        key = (sample[1], sample[2] or "")
        assert key not in found
        found[key] = sample[3]
    assert len(set(families)) == len(families)
    return found


def test_metrics_hold_the_share_and_what_rules_measured() -> None:
    found = _read(
        metrics(checked(verdict(path="crypto/**"), verdict("pass", rule="coverage_at_least", measured=0.5)))
    )
    assert found["codeshare_share_ratio", 'reading="share"'] == "0.4"
    assert found["codeshare_share_ratio", 'reading="share_max"'] == "1.0"
    assert found["codeshare_lines", 'part="denominator"'] == "100"
    assert found["codeshare_measured", 'rule="share_at_most",path="crypto/**"'] == "0.4"
    assert found["codeshare_limit", 'rule="share_at_most",path="crypto/**"'] == "0.2"
    assert found["codeshare_rules", 'state="fail"'] == "1"
    assert found["codeshare_rules", 'state="warn"'] == "0"


def test_what_is_not_known_is_not_a_number() -> None:
    found = _read(metrics(nothing_known(verdict("unknown", measured=None))))
    assert found["codeshare_share_ratio", 'reading="share"'] == "NaN"
    assert found["codeshare_measured", 'rule="share_at_most"'] == "NaN"


def test_series_are_the_same_from_run_to_run() -> None:
    one = checked(verdict("warn", rule="trailers", sha="1" * 40), verdict())
    other = checked(verdict("warn", rule="trailers", sha="2" * 40), verdict(), head="3c" * 20, tip="3c" * 20)
    assert metrics(one) == metrics(other)


@given(TEXTS)
def test_labels_hold_anything(path: str) -> None:
    assert _read(metrics(checked(verdict(path=path or None))))


def _issues(text: str) -> list[dict[str, object]]:
    """Entries of a report as GitLab's "Code Quality report format" asks for them."""
    issues = json.loads(text)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not issue["location"]["path"].startswith("./")
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return issues


def test_verdicts_that_do_not_pass_are_issues() -> None:
    both = checked(
        *(verdict("warn", rule="trailers", sha=f"{n}" * 40) for n in (1, 2)),
        *(verdict(path="crypto/**"), verdict("pass"), verdict(path="a.py")),
        changed_settings=(".gitattributes",),
    )
    found = _issues(code_quality(both))
    assert [issue["severity"] for issue in found] == ["major", "major", "minor", "minor", "info"]
    assert [issue["location"]["path"] for issue in found] == [  # type: ignore[index]
        *("codeshare.toml", "a.py", "codeshare.toml", "codeshare.toml", ".gitattributes")
    ]


def test_fingerprints_stay_while_numbers_move() -> None:
    texts = [code_quality(checked(verdict(measured=value, says=f"{value}"))) for value in (0.4, 0.5)]
    one, other = (_issues(text)[0] for text in texts)
    assert one["fingerprint"] == other["fingerprint"]
    assert one["description"] != other["description"]


@given(TEXTS, TEXTS)
def test_any_words_make_a_report(says: str, path: str) -> None:
    (first, _) = _issues(
        code_quality(checked(verdict(says=says, path=path or None), changed_settings=(f"{path}x",)))
    )
    assert "\n" not in str(first["description"])


@pytest.mark.parametrize("make", [metrics, code_quality], ids=["metrics", "code quality"])
def test_reports_are_utf8(make: object) -> None:
    assert make(checked(verdict(path="\udcff", says="\udcff"))).encode("utf-8")  # type: ignore[operator]
