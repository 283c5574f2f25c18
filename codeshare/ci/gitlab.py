"""What GitLab reads: a metrics report in OpenMetrics text, a code quality report in JSON."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from codeshare.ci.wording import STATES, sentences, sorted_verdicts
from codeshare.config import FILE_NAME
from codeshare.escaping import plain
from codeshare.metrics.checks import Checked, Verdict

_SEVERITIES = {"fail": "major", "unknown": "minor", "warn": "minor"}
_READINGS = ("share", "share_strict", "share_high", "share_min", "share_max")
_GLOB = re.compile(r"[*?\[\]]|/$")


def metrics(checked: Checked) -> str:
    """The check as OpenMetrics text: gauges, ``NaN`` where a value is not known, ``# EOF`` at the end.

    GitLab (`artifacts:reports:metrics`) compares series of the same name and labels between branches, so
    no label holds what changes from run to run.
    """
    return "\n".join([*_families(checked), "# EOF"]) + "\n"


def code_quality(checked: Checked) -> str:
    """The check as a code quality report: one entry a verdict that does not pass (`artifacts:reports:codequality`)."""
    issues = [_issue(each) for each in sorted_verdicts(checked) if each.state in _SEVERITIES]
    issues += [
        _entry("changed-setting", "info", path, "This setting changes; the version before was obeyed.", path)
        for path in checked.changed_settings
    ]
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"


def _families(checked: Checked) -> Iterator[str]:
    yield from _family("share_ratio", "share of AI in handwritten lines, by how it is read", "ratio")
    for name in _READINGS:
        yield _sample("share_ratio", {"reading": name}, getattr(checked, name))
    yield from _family("coverage_ratio", "handwritten lines with any evidence", "ratio")
    yield _sample("coverage_ratio", {}, checked.coverage)
    yield from _family("unknown_ratio", "commits that could not be read", "ratio")
    yield _sample("unknown_ratio", {}, checked.unknown)
    yield from _family("lines", "lines that the share is made of")
    yield _sample("lines", {"part": "numerator"}, checked.numerator)
    yield _sample("lines", {"part": "denominator"}, checked.denominator)
    yield from _family("rules", "rules of the check, by what came of them")
    for state in STATES:
        yield _sample("rules", {"state": state}, sum(each.state == state for each in checked.verdicts))
    yield from _measured(checked)


def _measured(checked: Checked) -> Iterator[str]:
    """One sample a rule and path; of several commits under one rule the series would change from run to run."""
    verdicts = [each for each in checked.verdicts if each.state != "off" and each.sha is None]
    for name, what in (("measured", "what a rule measured"), ("limit", "what a rule allows")):
        yield from _family(name, f"{what}, in the rule's unit")
        seen = set()
        for each in verdicts:
            key = (each.rule, each.path)
            value = getattr(each, name)
            if key not in seen and (value is not None or name == "measured"):
                seen.add(key)
                labels = {"rule": each.rule} | ({"path": each.path} if each.path else {})
                yield _sample(name, labels, value)


def _family(name: str, what: str, unit: str = "") -> Iterator[str]:
    yield f"# TYPE codeshare_{name} gauge"
    if unit:
        yield f"# UNIT codeshare_{name} {unit}"
    yield f"# HELP codeshare_{name} {what}"


def _sample(name: str, labels: dict[str, str], value: float | None) -> str:
    inner = ",".join(f'{key}="{_label(text)}"' for key, text in labels.items())
    number = "NaN" if value is None else repr(value)
    return f"codeshare_{name}{{{inner}}} {number}" if inner else f"codeshare_{name} {number}"


def _label(text: str) -> str:
    return plain(text).replace("\\", "\\\\").replace('"', '\\"')


def _issue(verdict: Verdict) -> dict[str, Any]:
    words = sentences(verdict.says, verdict.remedy)
    # A rule about a pattern or a whole range stands in the settings, where its limit is.
    path = verdict.path if verdict.path and not _GLOB.search(verdict.path) else FILE_NAME
    key = f"{verdict.path}\0{verdict.sha}"
    return _entry(verdict.rule, _SEVERITIES[verdict.state], path, words, key)


def _entry(rule: str, severity: str, path: str, words: str, key: str) -> dict[str, Any]:
    return {
        "description": plain(words, 1000),
        "check_name": f"codeshare/{rule}",
        "fingerprint": hashlib.sha256(f"{rule}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()[:32],
        "severity": severity,
        "location": {"path": path.encode("utf-8", "replace").decode(), "lines": {"begin": 1}},
    }
