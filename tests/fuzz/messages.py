"""Messages and records of lines, mutated: what is read out of them, and how long that takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from codeshare.attribution.branch import merged_branch
from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.records.checkpoints import checkpoint_ids, parse_checkpoint
from codeshare.attribution.records.claim import LAST_LINE, Claim, Unparsable
from codeshare.attribution.records.gitai import parse_git_ai
from codeshare.attribution.records.settle import settle
from codeshare.attribution.records.traces import parse_trace
from codeshare.attribution.slips import find_slips, mend
from codeshare.attribution.squash import request_number, squash_parts
from codeshare.attribution.trailers import find_trailers
from codeshare.git.history import parse_commit
from codeshare.git.quoting import bytes_of, quote_c, text_of, unquote_c
from codeshare.mining.fixes import find_fixes, find_named_reverts
from codeshare.model import Attribution, Confidence, Evidence, Scope
from tests.attribution.commits import commit
from tests.attribution.test_records_gitai import HUMAN, KNOWN, PROMPT, SESSION, note
from tests.fuzz.loop import Target

_EVERYTHING = load_catalogue(enabled=["*"])
_DAYS = ("2019-01-01", "2023-05-01", "2026-08-01")
_WORDS = b"Explain why the harbour keeps its own tide tables.\nNothing else changes here, and nothing is removed.\n"


def message_targets() -> list[Target]:
    """Targets for messages, whole commits and records of lines."""
    attributor = Attributor(_EVERYTHING)
    marked = _marked()
    return [
        Target("messages with marks", marked, partial(look_at_message, attributor)),
        Target("messages without marks", _unmarked(), partial(look_at_plain, attributor)),
        Target("commit objects", [_OBJECT + text for text in marked], partial(look_at_object, attributor)),
        Target("git-ai's notes", _notes(), look_at_note, (Unparsable,)),
        Target("Agent Trace records", _traces(), look_at_trace, (Unparsable,)),
        Target("Entire's checkpoints", _checkpoints(), look_at_checkpoint, (Unparsable,)),
        Target("quoted texts", [quote_c(text) for text in (b'a"b\\\n', b"\xff\xfe", "Zoë".encode())], look_at_quoted),
    ]  # fmt: skip


def _marked() -> list[bytes]:
    """An example of every entry of the catalogue, alone, in a squash, in a revert, in git's own squash."""
    sha = b"4" * 40
    forms = (
        b"%s",
        b"Add boats (#7)\n\n* one\n\n%s\n\n* two\n\nFixes #12\n\n---------\n\nCo-authored-by: Ann Lee <ann@example.org>\n",
        b'Revert "Add boats (#7)"\n\nThis reverts commit ' + sha + b".\n\n%s\n\nFixes: " + sha[:12] + b' ("Add boats")\n',
        b"Merge branch 'topic' into main\n\nSquashed commit of the following:\n\ncommit " + sha + b"\nAuthor: Ann <a@b>\nDate:   Mon\n\n    one\n\n    %s\n",
    )  # fmt: skip
    examples = {text for rule in _EVERYTHING.rules for text in rule.match[:1]}
    return [form % text.encode() for form in forms for text in sorted(examples)]


def _unmarked() -> list[bytes]:
    return [
        b"Mend the lock\n\n" + _WORDS,
        b"area: change 4 things (#12)\n\n" + _WORDS * 3 + b"\nSigned-off-by: Ann Lee <ann@example.org>\n",
        b"Merge branch 'topic'\n\n" + _WORDS,
        b"* one\n\n* two\n\n```\n" + _WORDS + b"```\n> quoted\n",
        "Öffne das Tor\n\nWarum: 李雷 bat darum.\n\nReviewed-by: Zoë Ångström <zoë@bücher.example>\n".encode(),
    ]


_OBJECT = (
    b"tree " + b"1" * 40 + b"\nparent " + b"2" * 40 + b"\nauthor Ann Lee <ann@example.org> 1767600000 +0000\n"
    b"committer Claude <noreply@anthropic.com> 1767600000 -1200\nencoding ISO-8859-1\ngpgsig -----BEGIN\n x\n -----END\n\n"
)  # fmt: skip


def _notes() -> list[bytes]:
    entries = f'src/a.py\n  {SESSION}::t_00 1-12,40\n  {HUMAN} 13-15\n"b c.py"\n  {PROMPT} 7\n'
    lines = {"files": {"a.py": {"authors": [{"author": "claude", "lines": [1, [3, 9]], "agent_metadata": {"model": "opus"}}]}}}  # fmt: skip
    return [note(entries, KNOWN | {"prompts": {}}), note("", KNOWN | {"prompts": {}}), json.dumps(lines).encode()]  # fmt: skip


def _traces() -> list[bytes]:
    ranges = [{"start_line": 1, "end_line": 9, "contributor": {"type": "mixed", "model_id": "x/opus"}}, {"start_line": 4, "end_line": 4}]  # fmt: skip
    files = [{"path": "a.py", "conversations": [{"contributor": {"type": "ai"}, "ranges": ranges}]}, {"path": ".sessions", "conversations": []}]  # fmt: skip
    record = {"version": "0.1.0", "id": "0b3b4fe3", "vcs": {"type": "git", "revision": "1" * 40}, "tool": {"name": "cursor"}, "files": files}  # fmt: skip
    return [
        json.dumps(record).encode(),
        json.dumps(record | {"metadata": json.loads("[" * 200 + "]" * 200)}).encode(),
    ]


def _checkpoints() -> list[bytes]:
    counted = {"agent_lines": 3, "total_committed": 9, "human_added": 2, "human_modified": 0}
    record = {"agent": "Claude Code", "initial_attribution": counted}
    return [json.dumps(record).encode(), json.dumps(record | {"initial_attribution": None}).encode()]


def look_at_message(attributor: Attributor, text: bytes) -> None:
    """Only what exists is said, by rules that exist, of words that stand there."""
    message = text.decode("utf-8", "surrogateescape")
    for day in _DAYS:
        found = attributor.attribute(commit(message, day=day))
        assert found.attribution in Attribution
        assert found.confidence in Confidence
        assert found.evidence or found.attribution in (Attribution.HUMAN, Attribution.UNKNOWN)
        for piece in found.evidence:
            _is_evidence(piece)
    _read_otherwise(message)


def look_at_plain(attributor: Attributor, text: bytes) -> None:
    """No mark is found where none is: changes at random write nobody's name."""
    message = text.decode("utf-8", "surrogateescape")
    found = attributor.attribute(commit(message))
    explicit = [piece for piece in found.evidence if piece.confidence is Confidence.HIGH]
    assert not explicit, explicit
    assert found.attribution is Attribution.HUMAN
    _read_otherwise(message)


def look_at_object(attributor: Attributor, raw: bytes) -> None:
    """A commit object, however damaged, is a commit with a time that can be stored."""
    parsed = parse_commit("5" * 40, (), raw)
    assert datetime(1970, 1, 1) <= parsed.committed_at <= datetime(9999, 12, 31)
    found = attributor.attribute(parsed)
    assert found.attribution in Attribution
    text_of(parsed.author.name.encode("utf-8", "surrogateescape"))
    merged_branch(parsed.message)


def _is_evidence(piece: Evidence) -> None:
    assert piece.attribution in Attribution
    assert piece.confidence in Confidence
    assert piece.rule
    assert piece.scope is Scope.COMMIT
    assert len(piece.excerpt) <= 1000


def _read_otherwise(message: str) -> None:
    """The other readers of messages: squashes, requests, trailers, reverts, fixes, mistakes to mend."""
    parts = squash_parts(message)
    assert parts is None or len(parts) > 1
    number = request_number(message)
    assert number is None or 0 <= number < 10**9
    trailers = find_trailers(message)
    assert all(trailer.key and "\n" not in trailer.key for trailer in trailers)
    assert all(len(each) == 12 or len(each) == 26 for each in checkpoint_ids(message))
    older, newer = commit("Add boats (#7)", sha="4" * 40), commit(message, sha="5" * 40)
    assert all(revert.named < revert.commit for revert in find_named_reverts([older, newer], [7, None]))
    for fix in find_fixes([older, newer], [[], trailers]):
        assert fix.confidence in Confidence
        assert fix.named is None or fix.named < fix.commit
    slips = find_slips(message, _EVERYTHING)
    assert isinstance(mend(message, slips), str)


def look_at_note(content: bytes) -> None:
    """Claims within bounds, each line with one owner once they are settled."""
    _are_claims(parse_git_ai(content, "refs/notes/ai").claims)


def look_at_trace(line: bytes) -> None:
    """As a note, of one edit."""
    trace = parse_trace(line, ".agent-trace/traces.jsonl")
    assert trace.id
    _are_claims(trace.claims)


def _are_claims(claims: Sequence[Claim]) -> None:
    for claim in claims:
        assert claim.path
        assert 1 <= claim.start <= claim.start + claim.count - 1 <= LAST_LINE
        assert claim.source.attribution in Attribution
        claim.evidence(text_of(claim.path))
    added = [(2, 5), (9, 3)]
    settled = settle(claims, {claim.path: added for claim in claims})
    lines = [(claim.path, n) for claim in settled.claims for n in range(claim.start, claim.start + claim.count)]  # fmt: skip
    assert len(lines) == len(set(lines))
    assert {n for _, n in lines} <= {n for start, count in added for n in range(start, start + count)}
    assert all(over > 0 for over in settled.overclaimed.values())


def look_at_checkpoint(content: bytes) -> None:
    """Counts that are counts."""
    share = parse_checkpoint(content)
    assert share is None or (
        min(share.lines, share.total, share.by_person) >= 0 and share.is_whole in (True, False)
    )


def look_at_quoted(text: bytes) -> None:
    """Whatever git may print as a path: what we store of it leads back to it."""
    raw = unquote_c(text)
    assert bytes_of(text_of(raw)) == raw
    assert unquote_c(quote_c(raw)) == raw
    assert bytes_of(text_of(text)) == text
