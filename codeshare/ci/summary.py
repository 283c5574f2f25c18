"""A check as Markdown: for a job's summary, and for one comment on a request."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from codeshare.ci.wording import STATES, quantity, sentences, share_sentence, sorted_verdicts, span
from codeshare.errors import CodeshareError
from codeshare.escaping import code, markdown
from codeshare.metrics.checks import Checked, Verdict

MARKER = "<!-- codeshare -->"
"""First line of a comment: the job looks for it and edits that comment instead of writing another."""

MOST_SUMMARY = 1024 * 1024 - 1024
"""Bytes of a step's summary; GitHub refuses one of over 1 MiB whole (Workflow commands, "Step isolation and limits")."""

MOST_COMMENT = 65_000
"""Bytes of a comment; GitHub's limit is 65,536 characters (error "body is too long")."""

_MOST_ROWS = 500


def summary(checked: Checked, most: int = MOST_SUMMARY) -> str:
    """The check as a job's summary of at most so many bytes."""
    return cut([*_head(checked), *_table(checked), *_notes(checked), *_definitions(checked)], most)


def comment(checked: Checked, most: int = MOST_COMMENT) -> str:
    """The check as the body of a comment that later runs replace: `MARKER`, then the summary."""
    private = replace(checked, verdicts=tuple(map(_without_people, checked.verdicts)))
    return cut([MARKER, *_head(checked), *_table(private), *_notes(checked)], most)


def _without_people(verdict: Verdict) -> Verdict:
    """A verdict about one commit quotes its subject and its trailers: a comment stays where all can read it."""
    if verdict.sha is None:
        return verdict
    scope = f"commit {verdict.sha[:12]}"
    if "@" not in f"{verdict.says}{verdict.remedy}":
        return replace(verdict, scope=scope)
    return replace(verdict, scope=scope, says="`codeshare check` and the job's summary say what", remedy=None)


def failure(error: CodeshareError, *, is_comment: bool = False) -> str:
    """What to show where there is no answer at all."""
    start = [MARKER] if is_comment else []
    return cut([*start, "## codeshare: cannot be known", "", f"{markdown(str(error))}"], MOST_COMMENT)


def cut(lines: list[str], most: int) -> str:
    """Join lines; where that is over ``most`` bytes of UTF-8, stop at a line's end and say so."""
    text = "\n".join(lines) + "\n"
    if len(text.encode()) <= most:
        return text
    end = "\n*Cut here: it would be longer than a forge takes. `codeshare check` prints all of it.*\n"
    room = most - len(end.encode())
    kept: list[str] = []
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    if kept.count("<details>") > kept.count("</details>"):
        kept = kept[: len(kept) - 1 - kept[::-1].index("<details>")]
    return "\n".join(kept) + "\n" + end


def _head(checked: Checked) -> Iterator[str]:
    yield f"## codeshare: {STATES[checked.state]}"
    yield ""
    yield f"{code(checked.repo)}, {code(span(checked))}: {markdown(share_sentence(checked))}"
    yield ""


def _table(checked: Checked) -> Iterator[str]:
    verdicts = sorted_verdicts(checked)
    if not verdicts:
        yield "No rule is set: `[check]` in `codeshare.toml` says what to hold the share to."
        yield ""
        return
    yield "| | rule | measured | limit | scope | |"
    yield "| --- | --- | ---: | ---: | --- | --- |"
    for verdict in verdicts[:_MOST_ROWS]:
        yield _row(verdict)
    yield ""
    if len(verdicts) > _MOST_ROWS:
        yield f"*… and {len(verdicts) - _MOST_ROWS:,} more; `codeshare check` prints all.*"
        yield ""


def _row(verdict: Verdict) -> str:
    state = f"**{STATES[verdict.state]}**" if verdict.state != "pass" else STATES[verdict.state]
    says = markdown(sentences(verdict.says, verdict.remedy))
    cells = (
        *(state, code(verdict.rule)),
        *(quantity(value, verdict.unit) for value in (verdict.measured, verdict.limit)),
        *(markdown(verdict.scope), says),
    )
    return f"| {' | '.join(cells)} |"


def _notes(checked: Checked) -> Iterator[str]:
    if checked.changed_settings:
        files = ", ".join(code(path) for path in checked.changed_settings[:20])
        more = (
            f" and {len(checked.changed_settings) - 20:,} more" if len(checked.changed_settings) > 20 else ""
        )
        yield f"**This range changes files that decide attribution:** {files}{more}. The versions before it were obeyed."
        yield ""
    named = tuple(f"{path} is changed" for path in checked.changed_settings)
    notes = [note for note in checked.notes if not note.startswith(named)]
    for note in notes:
        yield f"- {markdown(note)}"
    if notes:
        yield ""


def _definitions(checked: Checked) -> Iterator[str]:
    known = {each.rule: each.definition for each in sorted_verdicts(checked) if each.definition}
    if not known:
        return
    yield "<details>"
    yield "<summary>What is measured</summary>"
    yield ""
    for rule, definition in known.items():
        yield f"- {code(rule)}: {markdown(definition)}"
    yield ""
    yield "</details>"
